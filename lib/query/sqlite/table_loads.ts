import type { BoundColumn, BoundQuery, Instance } from "../bind/bound.ts";
import type { ScanPlan } from "../plan/plan.ts";
import { scalarKey } from "../plan/scalars.ts";
import type { Scalar } from "../plan/scalar.ts";
import type { Value } from "../result/value.ts";
import { loadedColumns, scanColumn } from "./loaded_columns.ts";
import { pushedConditions } from "./pushed.ts";

/** A table to load. */
export interface TableLoad {
  readonly name: string;
  readonly scan: ScanPlan;
  readonly columns: readonly BoundColumn[];
  /** The same for the same rows of the same columns. */
  readonly key: string;
}

/** The tables that a query needs, and which of them each instance is: those that would hold the same are one. */
export function tableLoads(
  bound: BoundQuery,
  parameters: Readonly<Record<string, Value>>,
): { readonly loads: readonly TableLoad[]; readonly loadOf: ReadonlyMap<Instance, TableLoad> } {
  const loads = new Map<string, TableLoad>();
  const loadOf = new Map<Instance, TableLoad>();
  for (const instance of bound.instances) {
    if (instance.source.kind !== "table") continue;
    const { name: table } = instance.source.table;
    const columns = loadedColumns(bound, instance);
    const where = pushedConditions(bound, parameters, instance, columns);
    const scan: ScanPlan = { kind: "scan", table, columns: columns.map((one) => scanColumn(table, one)), where };
    const key = keyOf(scan);
    let load = loads.get(key);
    if (load === undefined) loads.set(key, load = { name: `t${loads.size}`, scan, columns, key });
    loadOf.set(instance, load);
  }
  return { loads: [...loads.values()], loadOf };
}

function keyOf({ table, columns, where }: ScanPlan): string {
  const conditions = where.map((scalar: Scalar) => scalarKey(scalar)).sort();
  return JSON.stringify([table, columns.map(({ column, path }) => [column, ...path ?? []]), conditions]);
}
