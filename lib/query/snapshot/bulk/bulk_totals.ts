import type { LogFile } from "../../../index/state/listed_log.ts";
import { MAX_BAD_LINES, type PartColumns } from "../../../index/parts/write_part.ts";

/** What logs hold, counted while they were read. */
export interface BulkTotals {
  logs: number;
  bytes: number;
  series: number;
  points: number;
  /** Lines that are not events, as far as the index keeps them. */
  badLines: number;
  /** Logs with too many series for the index. */
  left: string[];
}

export function noTotals(): BulkTotals {
  return { logs: 0, bytes: 0, series: 0, points: 0, badLines: 0, left: [] };
}

/** Counts a log of which all was read. */
export function addTotals(totals: BulkTotals, { path, size }: LogFile, held: PartColumns): void {
  totals.logs++;
  totals.bytes += size;
  totals.badLines += Math.min(held.badLines.length, MAX_BAD_LINES);
  if (held.overflow) {
    totals.left.push(path);
    return;
  }
  for (const group of held.groups.values()) {
    if (group.ts.length === 0) continue;
    for (const { values: { length } } of group.series.values()) {
      if (length === 0) continue;
      totals.series++;
      totals.points += length;
    }
  }
}

/** The same of two threads. */
export function joinTotals(a: BulkTotals, b: BulkTotals): BulkTotals {
  return {
    logs: a.logs + b.logs,
    bytes: a.bytes + b.bytes,
    series: a.series + b.series,
    points: a.points + b.points,
    badLines: a.badLines + b.badLines,
    left: [...a.left, ...b.left],
  };
}
