import { Breather } from "../../base/breather.ts";
import type { BoundQuery } from "../bind/bound.ts";
import type { Value } from "../result/value.ts";
import type { TableReader } from "../tables/table_reader.ts";
import { openDatabase } from "./database.ts";
import { giveFunctions } from "./given/give.ts";
import { databaseImage } from "./image/database_image.ts";
import { type LoadOptions, loadTable } from "./load.ts";
import { printedQuery } from "./printed_query.ts";
import { mayFail } from "./may_fail.ts";
import { queryErrorOf } from "./sqlite_error.ts";
import { SqliteRows } from "./sqlite_rows.ts";
import { tableLoads } from "./table_loads.ts";

export type { LoadOptions as SqliteOptions } from "./load.ts";
export type { SqliteRows } from "./sqlite_rows.ts";

/**
 * Runs a query by SQLite, over tables of what it can need.
 *
 * @throws {QueryError} With SQLite's message.
 */
export async function runBySqlite(
  bound: BoundQuery,
  parameters: Readonly<Record<string, Value>>,
  reader: TableReader,
  options: LoadOptions = {},
): Promise<SqliteRows> {
  const { loads, loadOf } = tableLoads(bound, parameters);
  const tables = [];
  const lines: string[] = [];
  for (const load of loads) {
    const table = await loadTable(load, reader, options);
    tables.push(table);
    const how = table.isKept ? "kept from a query before" : "loaded";
    lines.push(`${how}: ${load.scan.table} as ${load.name}, ${table.image.rows} rows, ${table.image.bytes} bytes`);
  }
  await new Breather(options.signal).pass();
  const db = openDatabase();
  try {
    if (tables.length > 0) db.deserialize(databaseImage(tables));
    db.exec(SETTINGS);
    giveFunctions(db, bound.tree);
    const { sql, parameters: names } = printedQuery(bound, (instance) => loadOf.get(instance)!.name);
    const bindings = Object.fromEntries(names.map((name, at) => [`p${at + 1}`, parameters[name] ?? null]));
    const isHeld = db.canFailSilently === true &&
      (tables.some(({ image }) => image.hasNul) || mayFail(bound, parameters));
    return new SqliteRows(db, { sql, bindings, isHeld, query: bound.sql, lines, signal: options.signal });
  } catch (error) {
    db.close();
    throw queryErrorOf(error, bound.sql);
  }
}

/** Nothing is ever undone or kept, and nothing goes to a disk. */
const SETTINGS = "PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536";
