import type { BulkTotals } from "../../snapshot/bulk/bulk_totals.ts";
import type { LogRows } from "../../snapshot/rows/rows.ts";
import { SeriesTable } from "./series_table.ts";

/** What logs hold, counted by what the index has of them, without lines that are not events. */
export function totalsOfLogs(logs: LogRows): BulkTotals {
  const totals = { logs: 0, bytes: 0, series: 0, points: 0, badLines: 0, left: [] as string[] };
  for (let number = 0; number < logs.length; number++) {
    if (!logs.hasPoints(number)) continue;
    totals.logs++;
    totals.bytes += logs.bytesOf(number);
    if (logs.parts(number) === undefined) totals.left.push(logs.at(number).file.path);
  }
  const table = new SeriesTable(logs);
  totals.series = table.length;
  for (const count of table.counts()) totals.points += count;
  return totals;
}
