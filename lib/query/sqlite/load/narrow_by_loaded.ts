import { input } from "../../plan/scalars.ts";
import type { Value } from "../../values/value.ts";
import { openDatabase } from "../engine/open_database.ts";
import { databaseImage } from "../image/database_image.ts";
import type { LoadedTable } from "./load_table.ts";
import { keyOf, type TableLoad } from "./table_loads.ts";

/** So many values are looked for in a scan; more would hardly leave out anything. */
const MAX_VALUES = 1000;

/** A load that reads only the rows that match those of tables that are loaded already. */
export function narrowByLoaded(load: TableLoad, tables: ReadonlyMap<TableLoad, LoadedTable>): TableLoad {
  const { sideways, scan } = load;
  const where = [...scan.where];
  for (const { from, values: at, column } of sideways) {
    const values = valuesOf(tables.get(from)!, at);
    if (values === undefined) continue;
    // NULL is equal to nothing: with no values there are no rows.
    const set = { kind: "values", values: values.length === 0 ? [null] : values } as const;
    where.push({ kind: "in", operand: input(column), set });
  }
  if (where.length === scan.where.length) return load;
  const narrow = { ...scan, where };
  return { ...load, scan: narrow, key: keyOf(narrow) };
}

/** The distinct values of a column; undefined: there are too many. */
function valuesOf(table: LoadedTable, column: number): readonly Value[] | undefined {
  if (table.image.rows > 20 * MAX_VALUES) return undefined;
  using db = openDatabase();
  db.deserialize(databaseImage([table]));
  const found = db.prepare(`SELECT DISTINCT c${column} FROM ${table.name} LIMIT ${MAX_VALUES + 1}`);
  found.setReturnArrays(true);
  const values = Array.from(found.iterate(), (row) => (row as Value[])[0]);
  return values.length > MAX_VALUES ? undefined : values;
}
