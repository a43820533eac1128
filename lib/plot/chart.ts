import type { Numbers } from "./columns.ts";
import { paletteIndex } from "./palette_index.ts";
import { type Range, type Scale, type ScaleKind, scaleOf } from "./scale/scale.ts";

/** A line of a chart. */
export interface ChartCurve {
  /** What the legend says of it. */
  readonly label: string;
  /** In any order; the line goes from left to right. */
  readonly x: Numbers;
  /** NaN and infinities are gaps. */
  readonly y: Numbers;
  /** What is shaded around the line, such as a mean less and plus a deviation: as long as `x`. */
  readonly band?: { readonly low: Numbers; readonly high: Numbers };
  /** Curves of one number have one colour; default: its place among the curves. */
  readonly colour?: number;
}

/** What a chart shows besides its curves. */
export interface ChartOptions {
  readonly title?: string;
  /** What the axes are called. */
  readonly xName?: string;
  readonly yName?: string;
  /** Default linear. */
  readonly xKind?: ScaleKind;
  readonly yKind?: "linear" | "log";
  /** The ends of an axis; undefined: those of the data. */
  readonly xLimits?: Limits;
  readonly yLimits?: Limits;
  /** Whether x has no fractions, as steps and epochs; default: found out of the data. */
  readonly isWholeX?: boolean;
}

/** The ends of an axis, each of them only if it is given. */
export type Limits = readonly [low: number | undefined, high: number | undefined];

/** A chart that can be drawn in any way and size. */
export interface Chart extends Pick<ChartOptions, "title" | "xName" | "yName"> {
  readonly curves: readonly DrawnCurve[];
  /** Undefined if no point can be drawn. */
  readonly x: Scale | undefined;
  readonly y: Scale | undefined;
  readonly isWholeX: boolean;
}

/** A curve whose points stand in the order of x. */
export interface DrawnCurve extends ChartCurve {
  /** Its place in the palette. */
  readonly colour: number;
  /** How many of its points are NaN or infinite. */
  readonly missing: number;
  /** How many points a logarithmic axis cannot show. */
  readonly notPositive: number;
}

/** The x axis of what is at 0 alone: steps, levels and times since a start are not negative. */
const FIRST_STEP: Range = [0, 1];

/** Makes a chart of curves. */
export function chartOf(curves: readonly ChartCurve[], options: ChartOptions = {}): Chart {
  const { xKind = "linear", yKind = "linear", title, xName, yName } = options;
  const least = { x: xKind === "log" ? 0 : -Infinity, y: yKind === "log" ? 0 : -Infinity };
  const extent = new Extent();
  const colours = 1 + Math.max(-1, ...curves.map(({ colour }, at) => colour ?? at));
  const drawn = curves.map((curve, at): DrawnCurve => {
    const sorted = inOrder(curve);
    return { ...sorted, colour: paletteIndex(curve.colour ?? at, colours), ...extent.add(sorted, least.x, least.y) };
  });
  const xRange = limited(extent.x, options.xLimits, least.x);
  const yRange = limited(extent.y, options.yLimits, least.y);
  const isZero = xRange[0] === 0 && xRange[1] === 0 && xKind !== "time";
  const isEmpty = !(extent.x[0] <= extent.x[1]);
  return {
    title,
    xName,
    yName,
    curves: drawn,
    x: isEmpty ? undefined : scaleOf(xKind, isZero ? FIRST_STEP : xRange),
    y: isEmpty ? undefined : scaleOf(yKind, yRange),
    isWholeX: options.isWholeX ?? extent.isWholeX,
  };
}

/** The least number that a curve may have on the y axis of a chart, exclusive. */
export function floorOf(scale: Scale): number {
  return scale.kind === "log" ? 0 : -Infinity;
}

/** Whether x has fractions is seen in the first points of a curve. */
const MAX_LOOKED_AT = 1000;

/** The ranges of all points that can be drawn. */
class Extent {
  x: [number, number] = [Infinity, -Infinity];
  y: [number, number] = [Infinity, -Infinity];
  isWholeX = true;

  /** Takes in a curve, and counts what of it cannot be drawn. Numbers that are drawn are above `leastX` and `leastY`. */
  add({ x, y, band }: ChartCurve, leastX: number, leastY: number): Pick<DrawnCurve, "missing" | "notPositive"> {
    let [lowX, highX] = this.x;
    let [lowY, highY] = this.y;
    let missing = 0;
    let notPositive = 0;
    for (let at = 0; at < y.length; at++) {
      const value = y[at];
      const where = x[at];
      if (value - value !== 0 || where - where !== 0) missing++;
      else if (!(value > leastY && where > leastX)) notPositive++;
      else {
        if (where < lowX) lowX = where;
        if (where > highX) highX = where;
        if (value < lowY) lowY = value;
        if (value > highY) highY = value;
      }
    }
    for (const edge of band === undefined ? [] : [band.low, band.high]) {
      for (let at = 0; at < edge.length; at++) {
        const value = edge[at];
        if (value - value !== 0 || !(value > leastY)) continue;
        if (value < lowY) lowY = value;
        if (value > highY) highY = value;
      }
    }
    this.x = [lowX, highX];
    this.y = [lowY, highY];
    for (let at = 0; this.isWholeX && at < Math.min(x.length, MAX_LOOKED_AT); at++) {
      if (x[at] - x[at] === 0 && x[at] !== Math.floor(x[at])) this.isWholeX = false;
    }
    return { missing, notPositive };
  }
}

function limited(range: Range, [low, high]: Limits = [undefined, undefined], least: number): Range {
  const from = low !== undefined && low > least ? low : range[0];
  const to = high !== undefined && high > least ? high : range[1];
  return from <= to ? [from, to] : [Math.min(from, to), Math.max(from, to)];
}

/** The curve itself if its x never go back, else its points sorted by x; what has no x comes where it stood. */
function inOrder(curve: ChartCurve): ChartCurve {
  const { x, y, band } = curve;
  let isSorted = true;
  for (let at = 1, last = x[0]; at < x.length; at++) {
    if (x[at] < last) {
      isSorted = false;
      break;
    }
    if (x[at] === x[at]) last = x[at];
  }
  if (isSorted) return curve;
  const order = Int32Array.from(x, (_, at) => at).filter((at) => x[at] === x[at]).sort((a, b) => x[a] - x[b] || a - b);
  const taken = (numbers: Numbers) => Float64Array.from(order, (at) => numbers[at]);
  return {
    ...curve,
    x: taken(x),
    y: taken(y),
    band: band && { low: taken(band.low), high: taken(band.high) },
  };
}
