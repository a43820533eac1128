import { isGreater, isLess, roundingOf } from "./rules.ts";

/** What the points of a series come down to, as the directory of a pack has it. */
export interface Statistics {
  count: number;
  /** Points that are not NaN. */
  numbers: number;
  sum: number;
  /** What rounding took from the sum. */
  sumError: number;
  first: number;
  last: number;
  /** NaN where every value is NaN; the step is then that of the first point. */
  min: number;
  max: number;
  firstStep: number;
  lastStep: number;
  minStep: number;
  maxStep: number;
}

/** The statistics of one point. */
export function statisticsOfPoint(value: number, step: number): Statistics {
  const isNumber = value === value;
  return {
    count: 1,
    numbers: isNumber ? 1 : 0,
    sum: isNumber ? value : 0,
    // As if it were added to 0.
    sumError: isNumber ? roundingOf(0, value, value) : 0,
    ...{ first: value, last: value, min: value, max: value },
    ...{ firstStep: step, lastStep: step, minStep: step, maxStep: step },
  };
}

/**
 * The statistics of the points of a series in one part. `steps` holds NaN where the index in the series is the step, of which
 * `base` were in earlier parts. `rows`: where in `steps` the points are; undefined: from its start.
 */
export function statisticsOfColumn(
  values: Float64Array,
  steps: Float64Array,
  rows: Float64Array | undefined,
  base: number,
): Statistics {
  const count = values.length;
  let numbers = 0;
  let sum = 0;
  let sumError = 0;
  let min = NaN;
  let max = NaN;
  let minAt = 0;
  let maxAt = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value !== value) continue;
    // `isLess` and `isGreater` of numbers only: the index computes this for every point that it takes.
    if (numbers++ === 0) {
      min = max = value;
      minAt = maxAt = i;
    } else if (value < min) {
      min = value;
      minAt = i;
    } else if (value > max) {
      max = value;
      maxAt = i;
    }
    const next = sum + value;
    sumError += roundingOf(sum, value, next);
    sum = next;
  }
  const stepAt = (i: number) => {
    const step = steps[rows === undefined ? i : rows[i]];
    return step === step ? step : base + i;
  };
  return {
    count,
    numbers,
    sum,
    sumError,
    min,
    max,
    minStep: stepAt(minAt),
    maxStep: stepAt(maxAt),
    first: values[0],
    last: values[count - 1],
    firstStep: stepAt(0),
    lastStep: stepAt(count - 1),
  };
}

/** Adds other points of the same series. Default: they follow, so that the first point remains and the last one is theirs. */
export function addStatistics(all: Statistics, other: Statistics, hasFirst = false, hasLast = true): void {
  const sum = all.sum + other.sum;
  all.sumError += other.sumError + roundingOf(all.sum, other.sum, sum);
  all.sum = sum;
  all.count += other.count;
  all.numbers += other.numbers;
  if (isLess(other.min, all.min)) {
    all.min = other.min;
    all.minStep = other.minStep;
  }
  if (isGreater(other.max, all.max)) {
    all.max = other.max;
    all.maxStep = other.maxStep;
  }
  if (hasFirst) {
    all.first = other.first;
    all.firstStep = other.firstStep;
  }
  if (hasLast) {
    all.last = other.last;
    all.lastStep = other.lastStep;
  }
}
