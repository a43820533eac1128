import { splitSeriesKey } from "../../../format/events/series_key.ts";
import type { ChartCurve } from "../../../plot/chart.ts";
import { levelsOf } from "../../../query/curves/axis.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import { coordinateOf } from "../../../query/schema/coordinates.ts";
import { type Described, legendOf } from "./labels.ts";

/** A curve has at most so many lines. */
const MAX_LOOPS = 12;

/** A part of a curve that is one line: in it x does not start again. */
interface Line {
  readonly curve: Curve;
  readonly from: number;
  readonly to: number;
}

/** What is shaded around the line of a group. */
export type Band = "std" | "range" | "none";

/**
 * The lines of curves. Where the x of one starts again because a number of the events' names is another (the steps of each
 * epoch), each such part is a line; of too many, some are drawn, the last one among them.
 *
 * @param isAligned Whether labels stand below each other in columns.
 */
export function chartCurves(all: readonly Described[], band: Band, isAligned: boolean): ChartCurve[] {
  const labels = all.length === 0 ? [] : legendOf(all, isAligned);
  const only = all.length === 1;
  return all.flatMap(({ curve }, colour) => {
    const loops = spread(linesOf(curve), MAX_LOOPS);
    return loops.map((line, at): ChartCurve => {
      const said = loops.length > 1 && only ? coordinatesText(line) : labels[colour];
      return {
        label: at > 0 && !only ? "" : said,
        ...pointsOf(line, band),
        // The loops of one experiment are told apart, those of several are of their experiment's colour.
        colour: only ? at : colour,
      };
    });
  });
}

function pointsOf({ curve, from, to }: Line, band: Band): Pick<ChartCurve, "x" | "y" | "band"> {
  const part = (numbers: Float64Array) => numbers.subarray(from, to);
  const { value, mean, std, min, max } = curve.y;
  const x = part(curve.x);
  const y = part(value ?? mean);
  if (value !== undefined || band === "none") return { x, y };
  if (band === "range") return { x, y, band: { low: part(min), high: part(max) } };
  const deviation = part(std);
  return { x, y, band: { low: y.map((it, at) => it - deviation[at]), high: y.map((it, at) => it + deviation[at]) } };
}

function linesOf(curve: Curve): Line[] {
  const { x } = curve;
  const coordinates = Object.values(curve.coordinates);
  if (coordinates.length === 0) return [{ curve, from: 0, to: x.length }];
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
  for (let at = 0; at < most; at++) chosen.add(Math.round(at * (lines.length - 1) / (most - 1)));
  return [...chosen].map((at) => lines[at]);
}

/** The numbers that are the same in a whole line, by the words before them. */
function coordinatesText({ curve, from, to }: Line): string {
  const levels = levelsOf(splitSeriesKey(String(curve.labels.series)).pattern);
  return Object.entries(curve.coordinates)
    .filter(([, column]) => column.subarray(from, to).every((value) => value === column[from]))
    .map(([name, column]) => `${levels[coordinateOf(name)!] ?? name}=${column[from]}`)
    .join("  ");
}
