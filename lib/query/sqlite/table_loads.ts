import type { BoundColumn, BoundQuery, Instance } from "../bind/bound.ts";
import { columnKey } from "../plan/expression_key.ts";
import type { ScanColumn, ScanPlan } from "../plan/plan.ts";
import { replaceInputs, scalarKey } from "../plan/scalars.ts";
import type { Value } from "../result/value.ts";
import { pushedConditions } from "./pushed.ts";

/** A table to load. */
export interface TableLoad {
  readonly name: string;
  readonly scan: ScanPlan;
  readonly columns: readonly BoundColumn[];
  /** The same for the same rows of the same columns. */
  readonly key: string;
}

/** The tables that a query needs, and which of them each instance is: those of the same rows are one. */
export class TableLoads {
  readonly loads: readonly TableLoad[];
  readonly #loadOf = new Map<Instance, TableLoad>();

  constructor(readonly bound: BoundQuery, readonly parameters: Readonly<Record<string, Value>>) {
    const groups = Map.groupBy(
      bound.instances.filter(({ source }) => source.kind === "table"),
      (instance) => this.#rowsKey(instance),
    );
    this.loads = [...groups.values()].map((instances, at) => this.#loadFor(instances, `t${at}`));
  }

  /** The table that an instance of a table is. */
  of(instance: Instance): TableLoad {
    const load = this.#loadOf.get(instance);
    if (load === undefined) throw new Error(`"${instance.name}" is not loaded`);
    return load;
  }

  /** The number of a column of an instance in its table. */
  columnOf(instance: Instance, column: BoundColumn): number {
    const key = keyOfColumn(instance, column);
    return this.of(instance).columns.findIndex((one) => keyOfColumn(instance, one) === key);
  }

  #loadFor(instances: readonly Instance[], name: string): TableLoad {
    const [first] = instances;
    const columns = columnsOf(this.bound, ...instances);
    const scan: ScanPlan = {
      kind: "scan",
      table: tableName(first),
      columns: columns.map((column) => scanColumn(first, column)),
      where: pushedConditions(this.bound, this.parameters, first, columns),
    };
    const load = { name, scan, columns, key: keyOf(scan) };
    for (const instance of instances) this.#loadOf.set(instance, load);
    return load;
  }

  /** Which rows an instance needs, whatever columns it reads. */
  #rowsKey(instance: Instance): string {
    const columns = columnsOf(this.bound, instance);
    const conditions = pushedConditions(this.bound, this.parameters, instance, columns).map((condition) =>
      scalarKey(replaceInputs(condition, (at) => ({ kind: "constant", value: keyOfColumn(instance, columns[at]) })))
    );
    return JSON.stringify([tableName(instance), conditions.sort()]);
  }
}

function tableName({ source }: Instance): string {
  return source.kind === "table" ? source.table.name : "";
}

/** The columns that are read of instances of one table, in the order of the table. */
function columnsOf({ used }: BoundQuery, ...instances: readonly Instance[]): readonly BoundColumn[] {
  const [first] = instances;
  const names = first.source.kind === "table" ? first.source.table.columns.map(([name]) => name) : [];
  const columns = new Map<string, BoundColumn>();
  for (const instance of instances) {
    for (const column of used.get(instance) ?? []) columns.set(keyOfColumn(instance, column), column);
  }
  const placeOf = (column: BoundColumn) => names.indexOf(scanColumn(first, column).column) >>> 0;
  return [...columns].sort(([a, one], [b, other]) => placeOf(one) - placeOf(other) || (a < b ? -1 : 1))
    .map(([, column]) => column);
}

/** A column as a scan knows it. */
function scanColumn(instance: Instance, { name, column = name.toLowerCase(), path }: BoundColumn): ScanColumn {
  return { table: tableName(instance), column, path };
}

function keyOfColumn(instance: Instance, column: BoundColumn): string {
  return columnKey({ ...instance, id: 0 }, column);
}

function keyOf({ table, columns, where }: ScanPlan): string {
  const conditions = where.map(scalarKey).sort();
  return JSON.stringify([table, columns.map(({ column, path }) => [column, ...path ?? []]), conditions]);
}
