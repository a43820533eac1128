import type { Pack } from "../../../index/pack/pack.ts";
import type { PartRef } from "../../../index/state/indexed_logs.ts";
import type { BulkTotals } from "../../snapshot/bulk/bulk_totals.ts";
import type { LogRows } from "../../snapshot/rows/rows.ts";

/** What logs hold, counted by what the index has of them, without lines that are not events. */
export function totalsOfLogs(logs: LogRows): BulkTotals {
  const totals = { logs: 0, bytes: 0, series: 0, points: 0, badLines: 0, left: [] as string[] };
  let counter: PartCounter | undefined;
  for (let number = 0; number < logs.length; number++) {
    if (!logs.hasPoints(number)) continue;
    totals.logs++;
    totals.bytes += logs.bytesOf(number);
    const parts = logs.parts(number);
    if (parts === undefined) totals.left.push(logs.at(number).file.path);
    else if (parts.length === 1) {
      const [{ pack, part }] = parts;
      if (counter?.pack !== pack) counter = new PartCounter(pack);
      counter.add(part, totals);
    } else addSeries(totals, parts);
  }
  return totals;
}

/** Counts what parts of one pack hold that are all of a log: each has a series once at most. */
class PartCounter {
  readonly #groupsFrom: Uint32Array;
  readonly #groupsTo: Uint32Array;
  readonly #seriesFrom: Uint32Array;
  readonly #seriesTo: Uint32Array;
  readonly #counts: Uint32Array;

  constructor(readonly pack: Pack) {
    const { parts, groups, series } = pack.directory;
    [this.#groupsFrom, this.#groupsTo] = [parts.groupsFrom, parts.groupsTo];
    [this.#seriesFrom, this.#seriesTo] = [groups.seriesFrom, groups.seriesTo];
    this.#counts = series.count;
  }

  add(part: number, totals: { series: number; points: number }): void {
    const end = this.#groupsTo[part];
    for (let group = this.#groupsFrom[part]; group < end; group++) {
      const to = this.#seriesTo[group];
      for (let one = this.#seriesFrom[group]; one < to; one++) totals.points += this.#counts[one];
      totals.series += to - this.#seriesFrom[group];
    }
  }
}

/** Adds the series of a log that has several parts, and their points. */
function addSeries(totals: { series: number; points: number }, parts: readonly PartRef[]): void {
  const seen = new Set<string>();
  for (const { pack: { directory: { parts: all, groups, series, strings } }, part } of parts) {
    for (let group = all.groupsFrom[part]; group < all.groupsTo[part]; group++) {
      for (let one = groups.seriesFrom[group]; one < groups.seriesTo[group]; one++) {
        totals.points += series.count[one];
        seen.add(`${strings[groups.pattern[group]]}:${strings[series.path[one]]}`);
      }
    }
  }
  totals.series += seen.size;
}
