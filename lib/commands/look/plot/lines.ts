import { splitSeriesKey } from "../../../format/events/series_key.ts";
import { type Chart, type ChartCurve, chartOf, type ChartOptions } from "../../../plot/chart.ts";
import { spread } from "../../../plot/spread.ts";
import { axisOfName, levelsOf } from "../../../query/curves/axis.ts";
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

/** How curves become lines. */
export interface LinesOptions {
  /** What they are over. */
  readonly x: string;
  readonly band: Band;
  /** Whether labels stand below each other in columns, on a terminal. */
  readonly isAligned: boolean;
}

/** The chart of curves. Where they are of one series, it is the name of the y axis. */
export function curvesChart(
  found: readonly Described[],
  options: LinesOptions,
  more: Omit<ChartOptions, "xName" | "yName"> = {},
): Chart {
  const series = new Set(found.map(({ curve }) => curve.labels.series));
  const { x } = options;
  return chartOf(chartCurves(found, options), {
    xName: x,
    xKind: x === "time" ? "time" : x === "relative" ? "duration" : "linear",
    yName: series.size === 1 ? String([...series][0]) : undefined,
    ...more,
  });
}

/**
 * The lines of curves. Where the x of one starts again because a number of the events' names is another (the steps of each
 * epoch), each such part is a line; of too many, some are drawn, the last one among them.
 */
function chartCurves(found: readonly Described[], { x, band, isAligned }: LinesOptions): ChartCurve[] {
  const labels = found.length === 0 ? [] : legendOf(found, isAligned);
  const isOnly = found.length === 1;
  return found.flatMap(({ curve }, at) => {
    const loops = spread(linesOf(curve, x), MAX_LOOPS);
    return loops.map((line, loop): ChartCurve => ({
      label: isOnly && loops.length > 1 ? coordinatesText(line) : loop === 0 ? labels[at] : "",
      ...pointsOf(line, band),
      // The loops of one experiment are told apart, those of several have the colour of their experiment.
      colour: isOnly ? loop : at,
    }));
  });
}

function pointsOf({ curve, from, to }: Line, band: Band): Pick<ChartCurve, "x" | "y" | "band"> {
  const part = (numbers: Float64Array) => numbers.subarray(from, to);
  const { std, min, max } = curve.y;
  const [x, y] = [part(curve.x), part(Object.values(curve.y)[0])];
  if (band === "range" && min !== undefined) return { x, y, band: { low: part(min), high: part(max) } };
  if (band !== "std" || curve.y.mean === undefined || std === undefined) return { x, y };
  const deviation = part(std);
  return { x, y, band: { low: y.map((it, at) => it - deviation[at]), high: y.map((it, at) => it + deviation[at]) } };
}

function linesOf(curve: Curve, axis: string): Line[] {
  const { x } = curve;
  const coordinates = Object.values(curve.coordinates);
  // A number of the data goes up and down by itself: that it is less than before starts nothing.
  const isOverData = axisOfName(axis, levelsOf(splitSeriesKey(String(curve.labels.series)).pattern)) === undefined;
  if (isOverData || coordinates.length === 0) return [{ curve, from: 0, to: x.length }];
  const lines: Line[] = [];
  let from = 0;
  for (let at = 1; at < x.length; at++) {
    if (!(x[at] < x[at - 1]) || coordinates.every((column) => column[at] === column[at - 1])) continue;
    lines.push({ curve, from, to: at });
    from = at;
  }
  return [...lines, { curve, from, to: x.length }];
}

/** The numbers that are the same in a whole line, by the words before them. */
function coordinatesText({ curve, from, to }: Line): string {
  const levels = levelsOf(splitSeriesKey(String(curve.labels.series)).pattern);
  return Object.entries(curve.coordinates)
    .filter(([, column]) => column.subarray(from, to).every((value) => value === column[from]))
    .map(([name, column]) => `${levels[coordinateOf(name)!] ?? name}=${column[from]}`)
    .join("  ");
}
