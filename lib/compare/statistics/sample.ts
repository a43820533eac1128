/** What some values come down to. */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** The sample standard deviation (n - 1); NaN of fewer than two values. */
  readonly sd: number;
}

/** What values come down to; NaN where one of them is NaN, or there are none. */
export function sampleOf(values: readonly number[]): Sample {
  let mean = 0;
  let squares = 0;
  let count = 0;
  for (const value of values) {
    count++;
    const apart = value - mean;
    mean += apart / count;
    squares += apart * (value - mean);
  }
  return { count, mean: count === 0 ? NaN : mean, sd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)) };
}
