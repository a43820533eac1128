import type { PartRef } from "../../../index/state/indexed_logs.ts";
import type { BulkTotals } from "../../snapshot/bulk/bulk_totals.ts";
import type { LogRows } from "../../snapshot/rows/rows.ts";

/** What logs hold, counted by what the index has of them, without lines that are not events. */
export function totalsOfLogs(logs: LogRows): BulkTotals {
  const totals = { logs: 0, bytes: 0, series: 0, points: 0, badLines: 0, left: [] as string[] };
  for (let number = 0; number < logs.length; number++) {
    if (!logs.hasPoints(number)) continue;
    totals.logs++;
    totals.bytes += logs.bytesOf(number);
    const parts = logs.parts(number);
    if (parts === undefined) totals.left.push(logs.at(number).file.path);
    else if (parts.length > 0) addSeries(totals, parts);
  }
  return totals;
}

/** Adds the series of a log and their points. Each part has a series once at most. */
function addSeries(totals: { series: number; points: number }, parts: readonly PartRef[]): void {
  const seen = parts.length > 1 ? new Set<string>() : undefined;
  for (const { pack: { directory: { parts: all, groups, series, strings } }, part } of parts) {
    for (let group = all.groupsFrom[part]; group < all.groupsTo[part]; group++) {
      for (let one = groups.seriesFrom[group]; one < groups.seriesTo[group]; one++) {
        totals.points += series.count[one];
        if (seen === undefined) totals.series++;
        else seen.add(`${strings[groups.pattern[group]]}:${strings[series.path[one]]}`);
      }
    }
  }
  totals.series += seen?.size ?? 0;
}
