import { keysFor, seriesMatcher } from "../../../format/events/series_name.ts";
import { isSystem, type SeriesFact, seriesNames } from "./model/facts.ts";

/** What people look at first. */
const FAVOURITES = [/val.*loss/i, /loss/i, /acc/i, /reward|return/i, /error|err\b/i];

/** The series that stands in the list, and what it is called there. `chosen`: a whole key, its last part, or a glob. */
export function metricOf(
  facts: readonly (readonly SeriesFact[])[],
  chosen: string | undefined,
): { readonly metric: string | undefined; readonly title: string } {
  const counts = new Map<string, number>();
  for (const fact of facts.flat()) {
    if (!isSystem(fact)) counts.set(fact.series, (counts.get(fact.series) ?? 0) + 1);
  }
  const rank = (series: string) => {
    const at = FAVOURITES.findIndex((pattern) => pattern.test(series));
    return at < 0 ? FAVOURITES.length : at;
  };
  const names = [...counts.keys()].sort((a, b) => rank(a) - rank(b) || counts.get(b)! - counts.get(a)!);
  const metric = chosen === undefined ? names[0] : keysFor(chosen, allSeries(facts))[0] ?? chosen;
  return { metric, title: metric === undefined ? "" : shortTitle(metric) };
}

function allSeries(facts: readonly (readonly SeriesFact[])[]): Set<string> {
  return new Set(facts.flat().map(({ series }) => series));
}

/** The part of a series behind its event. */
export function shortTitle(series: string): string {
  return series.slice(series.lastIndexOf(":") + 1);
}

/** A series as a chart is called: without the numbers of its events; `train/epoch/*:loss` is `train/epoch:loss`. */
export function chartTitle(series: string): string {
  return series.replace(/\/\*(?=[/:])/g, "").replace(/^\*\//, "").replace(/^log:/, "");
}

/** The series that have charts, in their order. */
export function chartedSeries(facts: readonly (readonly SeriesFact[])[], filter: string): string[] {
  const names = seriesNames(facts).map(({ name }) => name);
  if (filter === "") return names;
  const pattern = /[*?]/.test(filter) ? filter : `*${filter}*`;
  const matches = seriesMatcher(pattern);
  return names.filter((name) => matches(name));
}
