import type { BoundColumn, BoundQuery, Instance } from "../../bind/bound.ts";
import { columnKey } from "../../bind/expression_key.ts";
import type { ScanColumn, ScanPlan } from "../../plan/plan.ts";
import { replaceInputs, scalarKey } from "../../plan/scalars.ts";
import type { Value } from "../../values/value.ts";
import { pushedConditions } from "./pushed_conditions.ts";
import { sidewaysOf } from "./sideways.ts";

/** A table to load. */
export interface TableLoad {
  readonly name: string;
  readonly scan: ScanPlan;
  readonly columns: readonly BoundColumn[];
  /** The same for the same rows of the same columns. */
  readonly key: string;
  /** Tables to load before, and which of their values say what rows matter here: columns by their numbers. */
  readonly sideways: readonly { readonly from: TableLoad; readonly values: number; readonly column: number }[];
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
    // Tables that say which rows of others matter come first.
    const isFirst = ([one]: readonly Instance[]) => sidewaysOf(bound, one).length === 0;
    const [first, later] = [true, false].map((wanted) => [...groups.values()].filter((it) => isFirst(it) === wanted));
    this.loads = [...first, ...later].map((instances, at) => this.#loadFor(instances, `t${at}`));
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
    const sideways = sidewaysOf(this.bound, first).flatMap(({ from, values, column }) => {
      const load = this.of(from);
      // All there is says nothing.
      if (load.scan.where.length === 0) return [];
      const key = keyOfColumn(first, column);
      const own = columns.findIndex((one) => keyOfColumn(first, one) === key);
      return [{ from: load, values: this.columnOf(from, values), column: own }];
    });
    const load = { name, scan, columns, key: keyOf(scan), sideways };
    for (const instance of instances) this.#loadOf.set(instance, load);
    return load;
  }

  /** Which rows an instance needs, whatever columns it reads. */
  #rowsKey(instance: Instance): string {
    const columns = columnsOf(this.bound, instance);
    const conditions = pushedConditions(this.bound, this.parameters, instance, columns).map((condition) =>
      scalarKey(replaceInputs(condition, (at) => ({ kind: "constant", value: keyOfColumn(instance, columns[at]) })))
    );
    const sideways = sidewaysOf(this.bound, instance).map(({ from, values, column }) => [
      ...[this.#rowsKey(from), keyOfColumn(from, values), keyOfColumn(instance, column)],
    ]);
    return JSON.stringify([tableName(instance), conditions.sort(), sideways]);
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

/** A text that two scans share only if they give the same. */
export function keyOf({ table, columns, where }: ScanPlan): string {
  const conditions = where.map(scalarKey).sort();
  return JSON.stringify([table, columns.map(({ column, path }) => [column, ...path ?? []]), conditions]);
}
