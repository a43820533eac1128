/** What can be asked of a series of an experiment, over all of its runs. `first` and `last` are by time. */
export const STATISTICS: readonly string[] = ["first", "last", "min", "max", "mean", "count"];

/** The statistic and the series that a name such as `min:loss` stands for. */
export function statisticOf(name: string): { readonly statistic: string; readonly series: string } | undefined {
  const colon = name.indexOf(":");
  const statistic = name.slice(0, colon).toLowerCase();
  return STATISTICS.includes(statistic) ? { statistic, series: name.slice(colon + 1) } : undefined;
}
