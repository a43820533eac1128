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
  let edge = -Infinity; // Where the next column begins: one comparison a point, whatever the scale is.
  for (let point = 0; point < y.length; point++) {
    const value = y[point];
    const where = x[point];
    if (!(value > above && value < Infinity && where - where === 0)) {
      isGap = true;
      continue;
    }
    let now = count - 1;
    if (!(where < edge)) {
      const place = scale.place(where);
      if (place !== place) {
        isGap = true;
        continue;
      }
      // What lies outside stands one column beside the edge, so that lines lead there.
      const column = place < 0 ? -1 : place > 1 ? width : Math.min(width - 1, Math.round(place * (width - 1)));
      edge = column < 0 ? scale.low : column >= width ? Infinity : scale.value((column + 0.5) / Math.max(1, width - 1));
      if (now < 0 || at[now] !== column) {
        now = count++;
        at[now] = column;
        first[now] =
          low[now] =
          high[now] =
          last[now] =
            value;
        isStart[now] = isGap ? 1 : 0;
        isGap = false;
        continue;
      }
    }
    if (value < low[now]) {
      low[now] = value;
      isRising[now] = 0;
    }
    if (value > high[now]) {
      high[now] = value;
      isRising[now] = 1;
    }
    last[now] = value;
    isGap = false;
  }
  return { count, at, first, low, high, last, isRising, isStart };
}
