import type { ColumnSpec, TableSpec } from "../../schema/table_spec.ts";
import { statisticOf } from "../../schema/statistics.ts";
import type { Affinity, BoundColumn } from "../bound.ts";

/** Columns of series whose NULL is a NaN. */
const NAN_COLUMNS: Readonly<Record<string, ReadonlySet<string>>> = {
  points: new Set(["value"]),
  metrics: new Set(["first", "last", "min", "max", "mean"]),
};

/** The columns of one instance of a table: those that `*` shows, the hidden ones, and parts of JSON as they are asked for. */
export class TableColumns {
  readonly shown: readonly BoundColumn[];
  readonly hidden: readonly BoundColumn[];
  readonly #parts = new Map<string, BoundColumn>();

  constructor(readonly table: TableSpec) {
    const bound = (spec: ColumnSpec) => columnOf(table, spec);
    this.shown = table.columns.map(bound);
    this.hidden = (table.hidden ?? []).map(bound);
  }

  /** `params.lr`, if the table has that family. */
  part(family: string, path: readonly string[], which: "shown" | "hidden"): BoundColumn | undefined {
    const column = family.toLowerCase();
    const families = which === "shown" ? this.table.families : this.table.hiddenFamilies;
    if (!families?.includes(column)) return undefined;
    return this.#made({ name: nameOfPart(column, path), affinity: "none", collation: "BINARY", column, path });
  }

  /** `min:loss`, if the table has statistics. */
  statistic(name: string): BoundColumn | undefined {
    const found = this.table.hasStatistics === true ? statisticOf(name) : undefined;
    if (found === undefined) return undefined;
    const { statistic, series } = found;
    return this.#made({
      name: `${statistic}:${series}`,
      affinity: statistic === "count" ? "integer" : "real",
      collation: "BINARY",
      column: "statistic",
      path: [statistic, series],
    });
  }

  /** The same column for the same part each time. */
  #made(column: BoundColumn): BoundColumn {
    const key = JSON.stringify([column.column, ...column.path!]);
    const known = this.#parts.get(key);
    if (known === undefined) this.#parts.set(key, column);
    return known ?? column;
  }
}

/** `params.optimizer.lr`; a key that holds a dot is quoted, so that two parts never have one name. */
export function nameOfPart(family: string, path: readonly string[]): string {
  return [family, ...path.map((key) => (/[."]/.test(key) ? `"${key.replaceAll('"', '""')}"` : key))].join(".");
}

function columnOf(table: TableSpec, [name, type]: ColumnSpec): BoundColumn {
  const affinity: Affinity = type === "" ? "none" : type === "TEXT" ? "text" : type === "INTEGER" ? "integer" : "real";
  const showsNaN = NAN_COLUMNS[table.name]?.has(name) ?? false;
  return { name, affinity, collation: "BINARY", column: name, showsNaN };
}
