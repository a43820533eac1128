import type { ArrivalTimes } from "../../../index/arrivals.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { LogIndex } from "../../../index/log_index.ts";
import { columnsToRead, pointColumn } from "./columns.ts";
import type { SeriesTable } from "../series/series_table.ts";
import type { Window } from "../series/windows.ts";

/** Reads columns of points, those of a window at once. */
export class PointReader {
  #indexes: ReadonlySet<LogIndex> | undefined;

  /** `series`: rows of the table. `names`: the columns of `points`. */
  constructor(readonly table: SeriesTable, readonly series: Int32Array, readonly names: readonly string[]) {}

  /** Reads what {@linkcode columns} will be asked for. */
  load({ rows, packs, at }: Window): void {
    const wanted = new Map<Pack, Set<number>>();
    let last: Pack | undefined;
    let columns = new Set<number>();
    for (let part = 0; part < rows.length; part++) {
      const pack = packs[part];
      if (pack !== last) {
        columns = wanted.get(pack) ?? new Set();
        wanted.set(last = pack, columns);
      }
      columnsToRead(pack, at[part], this.#times(rows[part]), this.names, columns);
    }
    for (const [pack, columns] of wanted) pack.prefetch([...columns]);
  }

  /** The columns of a part of a series, by its number among the series. */
  columns(row: number, pack: Pack, at: number): Float64Array[] {
    const times = this.#times(row);
    return this.names.map((name) => pointColumn(pack, at, times, name));
  }

  /** Lets go of columns where too many are held. */
  trim(): void {
    this.#indexes ??= new Set(Array.from(this.table.logs.sources(), ({ index }) => index));
    for (const index of this.#indexes) index.trim();
  }

  #times(row: number): ArrivalTimes | undefined {
    return this.table.logs.times(this.table.log[this.series[row]]);
  }
}
