import { addStatistics, type Statistics } from "../statistics/statistics.ts";
import type { Pack } from "../pack/pack.ts";

/** The points of a series in one part of its log. */
export interface Chunk {
  readonly pack: Pack;
  /** Rows of the directory. */
  readonly group: number;
  readonly series: number;
}

/** The statistics of a series of several parts, from those of the parts. */
export function statisticsOfChunks([first, ...rest]: readonly Chunk[]): Statistics {
  const all = statisticsOf(first);
  for (const chunk of rest) addStatistics(all, statisticsOf(chunk));
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
