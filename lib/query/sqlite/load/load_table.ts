import type { Affinity } from "../../bind/bound.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { ScanReport, TableReader } from "../../plan/table_reader.ts";
import type { ImageTable } from "../image/database_image.ts";
import { TableImage } from "../image/table_image.ts";
import type { LoadedTables } from "./loaded_tables.ts";
import type { TableLoad } from "./table_loads.ts";

/** How to load tables. */
export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly report?: ScanReport;
  readonly cache?: LoadedTables;
}

/** A table that may be put into a database. */
export interface LoadedTable extends ImageTable {
  /** Whether it was in the cache. */
  readonly isKept: boolean;
}

/** Reads a table, if it is not in the cache. */
export async function loadTable(
  { name, scan, columns, key }: TableLoad,
  reader: TableReader,
  { signal, report, cache }: LoadOptions,
): Promise<LoadedTable> {
  // A query may need the rows and none of their columns, and a table has at least one.
  const affinities: readonly Affinity[] = columns.length === 0 ? ["none"] : columns.map(({ affinity }) => affinity);
  const definitions = affinities.map((affinity, at) => {
    const collation = columns[at]?.collation ?? "BINARY";
    return `c${at} ${TYPES[affinity]}${collation === "BINARY" ? "" : ` COLLATE ${collation}`}`.trim();
  });
  const sql = `CREATE TABLE ${name}(${definitions.join(", ")})`;
  const identity = reader.identity === undefined ? undefined : `${reader.identity} ${key}`;
  const kept = identity === undefined ? undefined : cache?.get(identity);
  if (kept !== undefined) return { name, sql, image: kept, isKept: true };
  const image = new TableImage(affinities);
  for await (const batch of reader.scan(scan, { signal, report })) {
    signal?.throwIfAborted();
    image.add(columns.length === 0 ? withNull(batch) : batch);
  }
  image.finish();
  if (identity !== undefined) cache?.set(identity, image);
  return { name, sql, image, isKept: false };
}

function withNull({ count }: Batch): Batch {
  return { count, columns: [{ kind: "constant", value: null }] };
}

/** Types of columns that have an affinity. */
export const TYPES: Readonly<Record<Affinity, string>> = {
  text: "TEXT",
  numeric: "NUMERIC",
  integer: "INTEGER",
  real: "REAL",
  none: "",
};
