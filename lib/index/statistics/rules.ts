/**
 * The rules of the statistics of a series, however they are computed: over the column of a part, point by point, or from the
 * statistics of several parts, logs or runs.
 *
 * NaN counts as a point and may be the first or the last one; it is never the least or the greatest value and adds nothing to the
 * sum. Infinities are values like any other. Of equal values the earlier one is the least and the greatest.
 */

/** Whether a value takes the place of the least one so far, which is NaN where there is none. */
export function isLess(value: number, least: number): boolean {
  return value < least || least !== least && value === value;
}

/** Whether a value takes the place of the greatest one so far, which is NaN where there is none. */
export function isGreater(value: number, greatest: number): boolean {
  return value > greatest || greatest !== greatest && value === value;
}

/** Whether the first point of another log is the first one of both. Of equal or unknown times, the order of logs decides. */
export function isFirst(time: number, first: number): boolean {
  return time < first;
}

/** Whether the last point of a later log is the last one of both. Of equal or unknown times, the order of logs decides. */
export function isLast(time: number, last: number): boolean {
  return !(time < last);
}

/** What rounding took from `next`, the sum of two numbers: Neumaier's sum, as SQLite adds. */
export function roundingOf(sum: number, value: number, next: number): number {
  return Math.abs(sum) > Math.abs(value) ? (sum - next) + value : (value - next) + sum;
}

/** A sum with what rounding took from it. Of an infinite sum that is nothing. */
export function totalOf(sum: number, error: number): number {
  return Number.isFinite(error) ? sum + error : sum;
}

/** The mean of so many numbers; NaN where there are none. */
export function meanOf(total: number, numbers: number): number {
  return numbers > 0 ? total / numbers : NaN;
}
