import { splitSeriesKey } from "../../../format/events/series_key.ts";
import { levelsOf } from "../../../query/curves/axis.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import { coordinateOf } from "../../../query/schema/coordinates.ts";
import type { Piece } from "../../../terminal/colours.ts";
import type { Context } from "../../../cli/command.ts";
import { chartOf } from "../../../plot/chart.ts";
import { plotLines } from "../../../terminal/plot.ts";

/** This many lines can be distinguished. */
const MAX_LABELS = 12;

/** The height of curves and axes. */
const PLOT_ROWS = 17;

/** A part of a curve that is one line: in it x does not start again. */
interface Line {
  readonly curve: Curve;
  readonly from: number;
  readonly to: number;
}

/**
 * Draws curves. Where the x of one starts again because a number of the events' names is another (the steps of each
 * epoch), each such part is a line; of too many, some are drawn, the last of each curve among them.
 */
export function drawCurves({ stdout }: Pick<Context, "stdout">, curves: readonly Curve[]): Piece[][] {
  const lines = curves.map(linesOf);
  const each = Math.max(1, Math.floor(MAX_LABELS / curves.length));
  const drawn = lines.flatMap((ofCurve) => spread(ofCurve, each)).slice(0, MAX_LABELS);
  // What is the same in all of them need not be said.
  const names = Object.keys(curves[0].labels).filter((name) =>
    name !== "log" && curves.some(({ labels }) => labels[name] !== curves[0].labels[name])
  );
  const shown = names.includes("run") ? names.filter((it) => it !== "exp") : names;
  const plotted = drawn.map(({ curve, from, to }, at) => {
    const loops = lines.some((ofCurve) => ofCurve.length > 1) ? coordinatesOf(drawn[at]) : [];
    const said = [...shown.map((name) => `${curve.labels[name]}`), ...loops];
    const label = (said.length === 0 ? [`${curve.labels.series}`] : said).join("  ");
    const values = Object.values(curve.y)[0];
    return { label, x: curve.x.subarray(from, to), y: values.subarray(from, to) };
  });
  const rest = lines.reduce((sum, ofCurve) => sum + ofCurve.length, 0) - drawn.length;
  const more = rest > 0 ? [[`and ${rest} more curves, not drawn; --where or --group-by leaves fewer`]] : [];
  return [...plotLines(chartOf(plotted), stdout, PLOT_ROWS + plotted.length), ...more];
}

function linesOf(curve: Curve): Line[] {
  const { x } = curve;
  const coordinates = Object.values(curve.coordinates);
  const lines: Line[] = [];
  let from = 0;
  for (let at = 1; at < x.length; at++) {
    if (!(x[at] < x[at - 1]) || coordinates.every((column) => column[at] === column[at - 1])) continue;
    lines.push({ curve, from, to: at });
    from = at;
  }
  return [...lines, { curve, from, to: x.length }];
}

/** At most so many lines, the last one among them, the others as far from each other as can be. */
function spread(lines: readonly Line[], most: number): Line[] {
  if (lines.length <= most) return [...lines];
  const chosen = new Set<number>();
  for (let at = 0; at < most; at++) {
    chosen.add(most === 1 ? lines.length - 1 : Math.round(at * (lines.length - 1) / (most - 1)));
  }
  return [...chosen].map((at) => lines[at]);
}

/** The numbers that are the same in a whole line, by the words before them. */
function coordinatesOf({ curve, from, to }: Line): string[] {
  const levels = levelsOf(splitSeriesKey(String(curve.labels.series)).pattern);
  return Object.entries(curve.coordinates)
    .filter(([, column]) => column.subarray(from, to).every((value) => value === column[from]))
    .map(([name, column]) => `${levels[coordinateOf(name)!] ?? name}=${column[from]}`);
}
