import type { BoundColumn, BoundQuery, Instance } from "../bind/bound.ts";
import { columnKey } from "../plan/expression_key.ts";
import type { ScanColumn } from "../plan/plan.ts";

/** The columns of a table of the repository that a query reads of an instance: each once, in the order in which they are loaded. */
export function loadedColumns({ used }: BoundQuery, instance: Instance): readonly BoundColumn[] {
  const columns = used.get(instance) ?? [];
  return [...new Map(columns.map((column) => [columnKey(instance, column), column])).values()];
}

/** A column as a scan knows it. */
export function scanColumn(table: string, { name, column = name.toLowerCase(), path }: BoundColumn): ScanColumn {
  return { table, column, path };
}

/** What a column is called in the SQL that is printed: by its number, so that no name of the query can be in its way. */
export function printedColumn(bound: BoundQuery, instance: Instance, column: BoundColumn): string {
  const { source, columns } = instance;
  if (source.kind === "function") return column.name;
  if (source.kind === "table") {
    const key = columnKey(instance, column);
    return `c${loadedColumns(bound, instance).findIndex((one) => columnKey(instance, one) === key)}`;
  }
  const at = columns.indexOf(column);
  if (at < 0) throw new Error(`"${instance.name}" has no column "${column.name}"`);
  return source.common === undefined && source.query.first.kind === "values" ? `column${at + 1}` : `c${at}`;
}
