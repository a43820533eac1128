/** What can be asked of a series of an experiment, over all of its runs. `first` and `last` are by time. */
export const STATISTICS = ["first", "last", "min", "max", "mean", "count"] as const;

/** One of {@linkcode STATISTICS}; `lib/query/tables/series/statistic_column.ts` computes it. */
export type Statistic = typeof STATISTICS[number];

/** The statistic and the series that a name such as `min:loss` stands for. */
export function statisticOf(name: string): { readonly statistic: Statistic; readonly series: string } | undefined {
  const colon = name.indexOf(":");
  const wanted = name.slice(0, colon).toLowerCase();
  const statistic = STATISTICS.find((known) => known === wanted);
  return statistic !== undefined ? { statistic, series: name.slice(colon + 1) } : undefined;
}
