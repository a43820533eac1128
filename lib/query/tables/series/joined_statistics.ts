import type { Chunk } from "../../../index/columns/series_chunks.ts";

/** What the points of a series come down to, as the directory of a pack has it. */
export interface Statistics {
  count: number;
  numbers: number;
  sum: number;
  sumError: number;
  first: number;
  last: number;
  min: number;
  max: number;
  firstStep: number;
  lastStep: number;
  minStep: number;
  maxStep: number;
}

/** The statistics of a series of several parts, from those of the parts. */
export function mergeStatistics([first, ...rest]: readonly Chunk[]): Statistics {
  const all = statisticsOf(first);
  for (const chunk of rest) add(all, statisticsOf(chunk));
  return all;
}

function statisticsOf({ pack: { directory: { series } }, series: at }: Chunk): Statistics {
  return {
    count: series.count[at],
    numbers: series.numbers[at],
    sum: series.sum[at],
    sumError: series.sumError[at],
    first: series.first[at],
    last: series.last[at],
    min: series.min[at],
    max: series.max[at],
    firstStep: series.firstStep[at],
    lastStep: series.lastStep[at],
    minStep: series.minStep[at],
    maxStep: series.maxStep[at],
  };
}

/** Adds what follows; the sum keeps account of what rounding takes from it. */
function add(all: Statistics, next: Statistics): void {
  const sum = all.sum + next.sum;
  const lost = Math.abs(all.sum) > Math.abs(next.sum) ? (all.sum - sum) + next.sum : (next.sum - sum) + all.sum;
  const isLess = all.numbers === 0 ? next.numbers > 0 : next.min < all.min;
  const isMore = all.numbers === 0 ? next.numbers > 0 : next.max > all.max;
  if (isLess) [all.min, all.minStep] = [next.min, next.minStep];
  if (isMore) [all.max, all.maxStep] = [next.max, next.maxStep];
  all.sumError += next.sumError + lost;
  all.sum = sum;
  all.count += next.count;
  all.numbers += next.numbers;
  [all.last, all.lastStep] = [next.last, next.lastStep];
}
