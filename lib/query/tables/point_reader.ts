import type { Pack } from "../../index/pack.ts";
import type { LogIndex } from "../../index/log_index.ts";
import { coordinateOf, Coordinates } from "./coordinates.ts";
import { coordinatesIn } from "./event_names.ts";
import { columnsToRead, pointColumn } from "./point_columns.ts";
import type { SeriesTable } from "./series.ts";
import type { Window } from "./series_windows.ts";
import type { ReadOptions } from "./table_reader.ts";

/** Reads columns of points, those of a window at once. */
export class PointReader {
  readonly #coordinates = new Coordinates();
  readonly #hasCoordinates: boolean;
  #indexes: ReadonlySet<LogIndex> | undefined;

  /** `names`: the columns of `points`. */
  constructor(readonly table: SeriesTable, readonly names: readonly string[], readonly options: ReadOptions) {
    this.#hasCoordinates = names.some((name) => coordinateOf(name) !== undefined);
  }

  /** Reads what {@linkcode columns} will be asked for. */
  async load({ rows, packs, at }: Window): Promise<void> {
    const wanted = new Map<Pack, Set<number>>();
    let last: Pack | undefined;
    let columns = new Set<number>();
    for (let part = 0; part < rows.length; part++) {
      const pack = packs[part];
      if (pack !== last) {
        columns = wanted.get(pack) ?? new Set();
        wanted.set(last = pack, columns);
      }
      columnsToRead(pack, at[part], this.#log(rows[part]), this.names, columns);
    }
    for (const [pack, columns] of wanted) pack.prefetch([...columns]);
    if (!this.#hasCoordinates) return;
    this.#coordinates.clear();
    for (let part = 0; part < rows.length; part++) {
      const { groups, series, strings } = packs[part].directory;
      const group = series.group[at[part]];
      if (coordinatesIn(strings[groups.pattern[group]]) === 0) continue;
      await this.#coordinates.load(packs[part], group, this.#log(rows[part]), this.options);
    }
  }

  /** The columns of a part of a series. */
  columns(row: number, pack: Pack, at: number): Float64Array[] {
    const log = this.#log(row);
    return this.names.map((name) => pointColumn(pack, at, log, name, this.#coordinates));
  }

  /** Lets go of columns where too many are held. */
  trim(): void {
    this.#indexes ??= new Set(this.table.logs.map(({ run }) => run.exp.source.index));
    for (const index of this.#indexes) index.trim();
  }

  #log(row: number) {
    return this.table.logs[this.table.log[row]];
  }
}
