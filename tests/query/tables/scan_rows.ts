import type { Batch } from "../../../lib/query/vectors/vector.ts";
import type { Scalar, ScanColumn, ScanPlan } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { type Source, takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { valueAt } from "../../../lib/query/vectors/gather.ts";
import { SnapshotTables } from "../../../lib/query/tables/snapshot_tables.ts";
import type { ReadOptions } from "../../../lib/query/plan/table_reader.ts";
import { assert } from "../../assert.ts";

/** All that a snapshot can know. */
const NEEDS = { status: true, runs: true, runStatus: true, logs: true, columns: true, times: true };

/** The tables of what some repositories hold now. */
export async function tablesOf(sources: readonly Source[], now = 2e12): Promise<SnapshotTables> {
  return new SnapshotTables(await takeSnapshot(sources, NEEDS, { now }));
}

/** A column as it is written in a query: `params.lr`, `runs.hostname`, `min:loss`. */
export function scanColumn(table: string, name: string): ScanColumn {
  const other = /^(experiments|runs)\./.exec(name);
  const [column, ...path] = (other === null ? name : name.slice(other[0].length)).split(".");
  const of = other?.[1] ?? table;
  const statistic = /^(first|last|min|max|mean|count):(.*)$/s.exec(name.replace(/^experiments\./, ""));
  if (statistic !== null) return { table: "experiments", column: "statistic", path: statistic.slice(1) };
  return path.length === 0 ? { table: of, column } : { table: of, column, path };
}

/** A scan of columns that are written as in a query. */
export function scanOf(
  table: string,
  names: readonly string[],
  where: readonly Scalar[] = [],
  top?: ScanPlan["top"],
): ScanPlan {
  return { kind: "scan", table, columns: names.map((name) => scanColumn(table, name)), where, top };
}

/** The rows of a scan, value by value. */
export async function rowsOf(tables: SnapshotTables, plan: ScanPlan, options: ReadOptions = {}): Promise<Value[][]> {
  const rows: Value[][] = [];
  for await (const batch of tables.scan(plan, options)) {
    assert(batch.count > 0, "a batch without rows");
    rows.push(...rowsOfBatch(batch));
  }
  return rows;
}

export function rowsOfBatch({ count, columns }: Batch): Value[][] {
  return Array.from({ length: count }, (_, row) => columns.map((column) => valueAt(column, row)));
}
