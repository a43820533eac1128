import { seriesKey, seriesOfLogs, type SeriesRow } from "../../index/series_table.ts";
import type { SeriesSummary } from "../../index/series_summary.ts";
import { type SnapshotOptions, type Source, takeSnapshot, tellOfBadLines } from "../snapshot/snapshot.ts";

/** What the series of runs come down to, by the folder of the run, from the index. */
export type Summaries = ReadonlyMap<string, ReadonlyMap<string, SeriesSummary>>;

/** Brings the index up to date, and takes from it what is known of every series. */
export async function summariesOf(
  source: Source,
  options: SnapshotOptions & { readonly onBadLine: () => void },
): Promise<Summaries> {
  const needs = { status: false, runs: true, runStatus: false, logs: true, stdout: false, columns: true };
  const snapshot = await takeSnapshot([source], needs, { ...options, all: true });
  tellOfBadLines(snapshot.logs, options.onBadLine);
  const summaries = new Map<string, Map<string, SeriesSummary>>();
  const { rows, left } = seriesOfLogs(snapshot.logs);
  for (const row of rows) {
    const { folder } = row.log.run.run;
    let own = summaries.get(folder);
    if (own === undefined) summaries.set(folder, own = new Map());
    const key = seriesKey(row);
    const known = own.get(key);
    own.set(key, known === undefined ? { ...row, key } : joined(known, row));
  }
  // What the index does not take is read when it is asked for.
  for (const { run } of left) summaries.delete(run.run.folder);
  return summaries;
}

/** One series in two logs of a run. */
function joined(a: SeriesSummary, b: SeriesRow): SeriesSummary {
  const less = Number.isNaN(a.min) || b.min < a.min;
  const more = Number.isNaN(a.max) || b.max > a.max;
  return {
    ...a,
    count: a.count + b.count,
    last: b.last,
    lastStep: b.lastStep,
    ...(less ? { min: b.min, minStep: b.minStep } : {}),
    ...(more ? { max: b.max, maxStep: b.maxStep } : {}),
  };
}
