import { Yielder } from "../../base/yielder.ts";
import type { BoundQuery } from "../bind/bound.ts";
import type { Value } from "../values/value.ts";
import type { TableReader } from "../plan/table_reader.ts";
import type { SqlDatabase } from "./database.ts";
import { openDatabase, prepareDatabase } from "./engine/open_database.ts";
import { registerFunctions } from "./functions/register.ts";
import { groupedSubqueries } from "./statement/grouped_subqueries.ts";
import { groupTables } from "./statement/group_tables.ts";
import { type NeededIndex, neededIndexes } from "./statement/indexes.ts";
import { databaseImage, type ImageTable } from "./image/database_image.ts";
import { type LoadedTable, type LoadOptions, loadTable } from "./load/load_table.ts";
import { narrowByLoaded } from "./load/narrow_by_loaded.ts";
import { printedQuery } from "./statement/printed_query.ts";
import { mayFail } from "./statement/may_fail.ts";
import { toQueryError } from "./sqlite_error.ts";
import { SqliteRows } from "./sqlite_rows.ts";
import { type TableLoad, TableLoads } from "./load/table_loads.ts";

export type { LoadOptions as SqliteOptions } from "./load/load_table.ts";
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
  await prepareDatabase();
  const loads = new TableLoads(bound, parameters);
  const tables = new Map<TableLoad, LoadedTable>();
  const lines: string[] = [];
  for (const load of loads.loads) {
    const table = await loadTable(narrowByLoaded(load, tables), reader, options);
    tables.set(load, table);
    const how = table.isKept ? "cached from an earlier query" : "loaded";
    lines.push(`${how}: ${load.scan.table} as ${load.name}, ${table.image.rows} rows, ${table.image.bytes} bytes`);
  }
  await new Yielder(options.signal).checkpoint();
  const db = openDatabase();
  try {
    const all = [...tables.values()];
    if (all.length > 0) db.deserialize(databaseImage(all));
    db.exec(SETTINGS);
    analyzeTables(db, all);
    registerFunctions(db, bound.tree);
    const grouped = groupedSubqueries(bound);
    const subquery = groupTables(db, { bound, loads, parameters }, grouped);
    makeIndexes(db, neededIndexes(bound, loads, subquery === undefined ? [] : grouped.map(({ select }) => select)));
    const { sql, parameters: names } = printedQuery(bound, loads, { subquery });
    const bindings = Object.fromEntries(names.map((name, at) => [`p${at + 1}`, parameters[name] ?? null]));
    const isHeld = db.canFailSilently === true &&
      (all.some(({ image }) => image.hasNul) || mayFail(bound, parameters));
    return new SqliteRows(db, { sql, bindings, isHeld, query: bound.sql, lines, signal: options.signal });
  } catch (error) {
    db.close();
    throw toQueryError(error, bound.sql);
  }
}

/** Nothing is ever undone or kept, and nothing goes to a disk. */
const SETTINGS = "PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536";

/** Tells SQLite how many rows there are: it would take all tables for equally long. */
function analyzeTables(db: SqlDatabase, tables: readonly ImageTable[]): void {
  if (tables.length < 2) return;
  const rows = tables.map(({ name, image }) => `('${name}', NULL, '${image.rows}')`);
  db.exec(`ANALYZE sqlite_schema; INSERT INTO sqlite_stat1 VALUES ${rows.join(", ")}; ANALYZE sqlite_schema`);
}

function makeIndexes(db: SqlDatabase, indexes: readonly NeededIndex[]): void {
  for (const { table, columns } of indexes) {
    const list = columns.map((column) => `c${column}`);
    db.exec(`CREATE INDEX IF NOT EXISTS ${[table, ...list].join("_")} ON ${table}(${list.join(", ")})`);
  }
}
