import type { BoundColumn, Instance } from "../../bind/bound.ts";
import type { From, Join } from "../../sql/tree.ts";
import { applyComparisonAffinity, type Operand } from "./comparison.ts";
import type { PlanContext } from "./context.ts";
import { columnKey } from "../../bind/expression_key.ts";
import { widthOf } from "../plans.ts";
import { allOf, input } from "../scalars.ts";
import type { Scalar } from "../plan.ts";
import { Scope } from "./scope.ts";
import { scalarOf } from "./expression.ts";

/** The rows of a FROM. */
export function scopeOfFrom(context: PlanContext, from: From | undefined): Scope {
  if (from === undefined) return new Scope({ kind: "values", width: 0, rows: [[]] });
  const merged = new Map<Instance, BoundColumn[]>();
  collectMerged(context, from, merged);
  return scopeOf(context, from, merged);
}

function scopeOf(context: PlanContext, from: From, merged: ReadonlyMap<Instance, readonly BoundColumn[]>): Scope {
  if (from.kind === "join") return scopeOfJoin(context, from, merged);
  const instance = context.instanceOf(from);
  const { source } = instance;
  switch (source.kind) {
    case "table": {
      const used = [...context.bound.used.get(instance) ?? [], ...merged.get(instance) ?? []];
      const columns = [...new Map(used.map((column) => [columnKey(instance, column), column])).values()];
      const { name: table } = source.table;
      const scope = new Scope({
        kind: "scan",
        table,
        columns: columns.map(({ name, column = name.toLowerCase(), path }) => ({ table, column, path })),
        where: [],
      });
      columns.forEach((column, at) => scope.columns.set(columnKey(instance, column), input(at)));
      return scope;
    }
    case "query": {
      if (source.isRecursive) {
        context.refuse("a recursive query", from);
        return new Scope({ kind: "values", width: 0, rows: [] });
      }
      const { query, common } = source;
      const plan = common === undefined
        ? context.planOfQuery(query)
        : context.common(query, () => context.planOfQuery(query));
      const scope = new Scope(plan);
      instance.columns.forEach((column, at) => scope.columns.set(columnKey(instance, column), input(at)));
      return scope;
    }
    case "function":
      context.refuse(`the table function ${source.name}`, from);
      return new Scope({ kind: "values", width: 0, rows: [] });
  }
}

function scopeOfJoin(
  context: PlanContext,
  join: Join,
  merged: ReadonlyMap<Instance, readonly BoundColumn[]>,
): Scope {
  const left = scopeOf(context, join.left, merged);
  const right = scopeOf(context, join.right, merged);
  if (join.join === "right" || join.join === "full") context.refuse(`${join.join.toUpperCase()} JOIN`, join);
  const kind = join.join === "left" ? "left" : "inner";
  const plan = { kind: "join", join: kind, left: left.plan, right: right.plan, equal: [], on: undefined } as const;
  const scope = new Scope(plan);
  for (const [key, scalar] of left.columns) scope.columns.set(key, scalar);
  const start = widthOf(left.plan);
  for (const [key, scalar] of right.columns) {
    if (scalar.kind === "input") scope.columns.set(key, input(start + scalar.index));
  }
  const conditions: Scalar[] = pairsOf(context, join).map(([a, b]) => {
    const [left, right] = applyComparisonAffinity(operandOfColumn(scope, ...a), operandOfColumn(scope, ...b));
    return { kind: "compare", op: "=", left, right };
  });
  if (join.on !== undefined) conditions.push(scalarOf(context, join.on, scope));
  const on = allOf(conditions);
  if (scope.plan === plan) scope.plan = { ...plan, on };
  else if (kind === "left") context.refuse("a subquery that depends on the row in the ON of a LEFT JOIN", join);
  else if (on !== undefined) scope.plan = { kind: "filter", input: scope.plan, condition: on };
  return scope;
}

type Place = readonly [instance: Instance, column: BoundColumn];

function operandOfColumn(scope: Scope, instance: Instance, column: BoundColumn): Operand {
  const { affinity } = column;
  return {
    scalar: scope.column(instance, column)!,
    affinity,
    isBlob: affinity === "none" && column.isComputed !== true,
  };
}

/** The columns that USING and NATURAL make equal. */
export function pairsOf(context: PlanContext, { left, right, using, natural }: Join): [Place, Place][] {
  if (using === undefined && !natural) return [];
  const [before, behind] = [left, right].map((from) => instancesOf(context, from));
  const find = (instances: readonly Instance[], name: string): Place | undefined => {
    for (const instance of instances) {
      const column = instance.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
      if (column !== undefined) return [instance, column];
    }
  };
  const names = using?.map(({ text }) => text) ??
    [...new Set(behind.flatMap(({ columns }) => columns.map(({ name }) => name.toLowerCase())))];
  return names.flatMap((name): [Place, Place][] => {
    const [a, b] = [find(before, name), find(behind, name)];
    if (a !== undefined && b !== undefined) return [[a, b]];
    if (using !== undefined) context.refuse(`USING (${name})`, left);
    return [];
  });
}

export function instancesOf(context: PlanContext, from: From): Instance[] {
  if (from.kind !== "join") return [context.instanceOf(from)];
  return [...instancesOf(context, from.left), ...instancesOf(context, from.right)];
}

/** The columns that a query may not name, and that its joins compare. */
function collectMerged(context: PlanContext, from: From, merged: Map<Instance, BoundColumn[]>): void {
  if (from.kind !== "join") return;
  for (const pair of pairsOf(context, from)) {
    for (const [instance, column] of pair) merged.set(instance, [...merged.get(instance) ?? [], column]);
  }
  collectMerged(context, from.left, merged);
  collectMerged(context, from.right, merged);
}
