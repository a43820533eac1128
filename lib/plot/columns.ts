import type { Scale } from "./scale/scale.ts";

/** Numbers that are only read. */
export type Numbers = ArrayLike<number>;

/**
 * What is left of a curve when it is drawn in columns of pixels: of each column that it has points in, the first, least,
 * greatest and last value. A line through these looks as one through all points.
 */
export interface Columns {
  readonly count: number;
  /** The columns, from the left. */
  readonly at: Int32Array;
  readonly first: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly last: Float64Array;
  /** 1 where the least value comes before the greatest one. */
  readonly isRising: Uint8Array;
  /** 1 where nothing leads to this column from the one before: there is a gap. */
  readonly isStart: Uint8Array;
}

/**
 * Downsamples a curve, whose x are in their order, to `width` columns. A point whose value is not finite, or not `above` (what
 * a logarithmic axis cannot show), is a gap.
 */
export function columnsOf(x: Numbers, y: Numbers, scale: Scale, width: number, above = -Infinity): Columns {
  const size = Math.min(width + 2, y.length);
  const [at, isRising, isStart] = [new Int32Array(size), new Uint8Array(size), new Uint8Array(size)];
  const [first, low, high, last] = [0, 0, 0, 0].map(() => new Float64Array(size));
  let count = 0;
  let isGap = true;
  for (let point = 0; point < y.length;) {
    const place = scale.place(x[point]);
    if (!(y[point] > above && y[point] < Infinity && place - place === 0)) {
      isGap = true;
      point++;
      continue;
    }
    // What lies outside stands one column beside the edge, so that lines lead there.
    const column = place < 0 ? -1 : place > 1 ? width : Math.min(width - 1, Math.round(place * (width - 1)));
    // Up to where the next column begins: one comparison a point, whatever the scale is.
    const edge = column < 0
      ? scale.low
      : column >= width
      ? Infinity
      : Math.max(x[point], scale.value((column + 0.5) / Math.max(1, width - 1)));
    const piece = pieceOf(x, y, point, edge, above);
    const isSame = count > 0 && at[count - 1] === column;
    const now = isSame ? count - 1 : count++;
    if (!isSame) {
      at[now] = column;
      first[now] = y[point];
      isStart[now] = isGap ? 1 : 0;
    }
    if (!isSame || piece.low < low[now]) {
      low[now] = piece.low;
      isRising[now] = piece.isRising ? 1 : 0;
    }
    if (!isSame || piece.high > high[now]) {
      high[now] = piece.high;
      isRising[now] = piece.isRising ? 1 : 0;
    }
    last[now] = piece.last;
    isGap = piece.isGap;
    point = piece.end;
  }
  return { count, at, first, low, high, last, isRising, isStart };
}

/** The points from one on whose x is below an edge. */
interface PieceOfCurve {
  readonly low: number;
  readonly high: number;
  readonly last: number;
  readonly isRising: boolean;
  /** Whether it ends with a point that cannot be drawn. */
  readonly isGap: boolean;
  /** The first point behind it. */
  readonly end: number;
}

/** Everything in local variables: this loop sees each point of a plot. */
function pieceOf(x: Numbers, y: Numbers, start: number, edge: number, above: number): PieceOfCurve {
  let [low, high, last] = [y[start], y[start], y[start]];
  let isRising = false;
  let isGap = false;
  let point = start + 1;
  for (; point < y.length; point++) {
    // The opposite of "x is beyond the edge": what has no x is a gap inside.
    if (x[point] >= edge) break;
    const value = y[point];
    if (value > above && value < Infinity && x[point] === x[point]) {
      last = value;
      isGap = false;
      if (value < low) {
        low = value;
        isRising = false;
      } else if (value > high) {
        high = value;
        isRising = true;
      }
    } else isGap = true;
  }
  return { low, high, last, isRising, isGap, end: point };
}
