import { UsageError } from "../../../base/errors.ts";
import type { Chart, Limits } from "../../../plot/chart.ts";
import type { CurveSelector } from "../../../query/curves/curve.ts";
import { splitColumns } from "../../../query/schema/column_aliases.ts";
import type { Parsed } from "../../../cli/command.ts";
import { filterOf } from "../experiment_filter.ts";
import type { OPTIONS } from "../plot.ts";
import type { Described } from "./labels.ts";
import { curvesChart } from "./lines.ts";

/** A command line of `dbx plot`. */
export type PlotLine = Parsed<typeof OPTIONS>;

/** Which curves are asked for, but for their series. */
export function selectorOf(parsed: PlotLine): Omit<CurveSelector, "series"> {
  const { x, smooth, "group-by": by, band } = parsed.options;
  const groupBy = by === undefined ? undefined : splitColumns(by);
  if (band !== undefined && groupBy === undefined) {
    throw new UsageError("Cannot use --band without --group-by: a band is around the mean of a group");
  }
  return {
    ...filterOf(parsed),
    x,
    smooth,
    groupBy,
    aggregates: groupBy === undefined ? undefined : band === "range" ? ["mean", "min", "max"] : ["mean", "std"],
  };
}

/** Whether the curves are printed as data. */
export function isForMachines({ options }: PlotLine): boolean {
  return options.json !== false || options.jsonl;
}

/** Whether pictures are written to files. */
export function isForFiles({ options }: PlotLine): boolean {
  return options.svg !== undefined || options.png !== undefined || options.html !== undefined;
}

/** In JSON a curve has so many points where no number is given. */
const JSON_POINTS = 1000;
/** A server sends no more of a curve that is only looked at. */
const SHOWN_POINTS = 10_000;

/** How many points a curve may have; undefined: all. */
export function pointsOf(parsed: PlotLine, isRemote: boolean): number | undefined {
  const { points } = parsed.options;
  if (isForMachines(parsed)) return points ?? JSON_POINTS;
  if (points !== undefined) {
    throw new UsageError("Cannot use --points without --json: a plot shows what it has room for");
  }
  return isRemote ? SHOWN_POINTS : undefined;
}

/** The chart of curves. `isAligned`: whether labels stand below each other in columns, on a terminal. */
export function chartOf({ options }: PlotLine, found: readonly Described[], isAligned: boolean): Chart {
  const { x = "step", title, band = "std" } = options;
  if (options["log-x"] && x === "time") throw new UsageError("Cannot use --log-x over time: use --x relative");
  return curvesChart(found, { x, band, isAligned }, {
    title,
    ...options["log-x"] && { xKind: "log" },
    yKind: options["log-y"] ? "log" : "linear",
    xLimits: limitsOf("xlim", options.xlim, options["log-x"]),
    yLimits: limitsOf("ylim", options.ylim, options["log-y"]),
  });
}

function limitsOf(name: string, text: string | undefined, isLog: boolean): Limits | undefined {
  if (text === undefined) return undefined;
  const parts = text.split(",").map((part) => part.trim());
  const numbers = parts.map((part) => part === "" ? undefined : Number(part));
  const isNumber = (number: number | undefined) => number === undefined || Number.isFinite(number);
  if (numbers.length !== 2 || !numbers.every(isNumber)) {
    throw new UsageError(`Cannot read "${text}" as --${name}: write LOW,HIGH, such as 0,1 or 0,`);
  }
  const [low, high] = numbers;
  if (low !== undefined && high !== undefined && !(low < high)) {
    throw new UsageError(`Cannot use --${name} ${text}: the first number must be below the second`);
  }
  if (isLog && numbers.some((number) => number !== undefined && number <= 0)) {
    throw new UsageError(`Cannot use --${name} ${text} with a logarithmic axis: its ends must be above 0`);
  }
  return [low, high];
}

/** The width and height of `--size`. */
export function sizeOf({ options: { size } }: PlotLine): readonly [number, number] | undefined {
  if (size === undefined) return undefined;
  const match = /^(\d{1,5})x(\d{1,5})$/i.exec(size);
  const [width, height] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
  if (width >= MIN_SIZE[0] && height >= MIN_SIZE[1]) return [width, height];
  throw new UsageError(`Cannot use --size ${size}: write WIDTHxHEIGHT, at least ${MIN_SIZE.join("x")}`);
}

/** A smaller plot has no room for its axes. */
const MIN_SIZE = [20, 6];
