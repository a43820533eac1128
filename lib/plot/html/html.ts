import { asideOf } from "../cells/legend.ts";
import type { Chart, DrawnCurve } from "../chart.ts";
import type { Numbers } from "../columns.ts";
import { keptIndices } from "../extremes.ts";
import { withAir } from "../picture/air.ts";
import { curveColour } from "../picture/palette.ts";
import { escaped, hex } from "../svg/svg.ts";
import style from "./page.css" with { type: "text" };
import script from "./page.js" with { type: "text" };

/** A page has so many points at most, and a curve so many. */
const MAX_POINTS = 400_000;
const MAX_CURVE = 50_000;

/** Writes a chart as a page that needs nothing else, in which one can zoom. */
export function htmlOf(chart: Chart): string {
  const title = escaped(chart.title ?? chart.yName ?? "curves");
  // Nothing is loaded, whatever the texts of a repository hold.
  const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
${style}</style>
</head>
<body>
<header><h1>${title}</h1><label><input type="checkbox" id="log"> log y</label><button id="reset">See all</button></header>
<main><canvas></canvas><div id="legend"></div></main>
<p>Drag to zoom, shift-drag to move, wheel to zoom at the pointer, double-click to see all. Click a name to hide the curve, with Alt
to see it alone.</p>
<div id="tip" hidden></div>
<script type="application/json" id="data">${dataOf(chart)}</script>
<script>
${script}</script>
</body>
</html>
`;
}

/** The curves as JSON, in which no end of a script can stand. */
function dataOf(chart: Chart): string {
  const { curves, x, y, xName, yName, isWholeX } = chart;
  const most = Math.max(100, Math.min(MAX_CURVE, Math.floor(MAX_POINTS / Math.max(1, curves.length))));
  const xs = new SharedNumbers();
  const drawn = curves.map((curve) => {
    const { x, y, band } = thinned(curve, most);
    return {
      label: curve.label,
      note: asideOf(curve) || undefined,
      colour: hex(curveColour(curve.colour)),
      x: xs.add(x),
      y: numbers(y),
      low: band && numbers(band.low),
      high: band && numbers(band.high),
    };
  });
  const airy = y && withAir(y);
  return JSON.stringify({
    x: { kind: x?.kind, name: xName, range: [x?.low ?? 0, x?.high ?? 1], isWhole: isWholeX },
    y: { kind: y?.kind, name: yName, range: [airy?.low ?? 0, airy?.high ?? 1] },
    curves: drawn,
    xs: xs.all,
  }).replaceAll("<", "\\u003c");
}

function thinned(curve: DrawnCurve, most: number): Pick<DrawnCurve, "x" | "y" | "band"> {
  if (curve.y.length <= most) return curve;
  const kept = keptIndices(curve.y, most);
  const taken = (values: Numbers) => Float64Array.from(kept, (at) => values[at]);
  const { x, y, band } = curve;
  return { x: taken(x), y: taken(y), band: band && { low: taken(band.low), high: taken(band.high) } };
}

/** Seven digits are enough for any screen. What is not finite is null. */
function numbers(values: Numbers): (number | null)[] {
  return Array.from(values, (value) => Number.isFinite(value) ? Number(value.toPrecision(7)) : null);
}

/** Curves over the same steps have them once. */
class SharedNumbers {
  readonly all: (number | null)[][] = [];
  readonly #known = new Map<string, number>();

  add(values: Numbers): number {
    const own = Array.from(values, (value) => Number.isFinite(value) ? value : null);
    const key = own.join();
    let at = this.#known.get(key);
    if (at === undefined) {
      this.#known.set(key, at = this.all.length);
      this.all.push(own);
    }
    return at;
  }
}
