import type { Snapshot } from "./snapshot/snapshot.ts";
import { childrenOf, type Expression, type Select, type SelectItem } from "./ast.ts";
import { NotCovered } from "./parse_select.ts";
import { conjuncts, type VectorScope } from "./vector_scope.ts";

/** An aggregate that the query asks for. */
export interface AggregateCall {
  readonly name: string;
  /** Undefined: `count(*)`. */
  readonly arg: Expression | undefined;
}

/** A column of the table of groups. */
export interface GroupColumn {
  readonly expression: Expression;
  /** It changes from point to point. */
  readonly isRow: boolean;
}

/** A piece of the query that one column of the table of groups stands for. */
export type Reference = { readonly kind: "group" | "aggregate"; readonly index: number };

/** A query with aggregates or GROUP BY, over the table of groups. */
export interface GroupPlan {
  readonly groups: readonly GroupColumn[];
  /** What follows from the groups: columns of the experiment that a group is of. */
  readonly dependents: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  /** What stands for an expression; undefined where its parts have to be looked at. */
  reference(expression: Expression): Reference | undefined;
}

/** A SELECT in which `*` is the columns that it stands for. */
export type PlannedSelect = Omit<Select, "items"> & { readonly items: readonly SelectItem[] };

/** How a query runs over columns. */
export interface VectorPlan {
  readonly select: PlannedSelect;
  readonly scope: VectorScope;
  /** Conditions that a series meets or not, and those that a point meets or not; all of them must be true. */
  readonly seriesFilters: readonly Expression[];
  readonly rowFilters: readonly Expression[];
  /** Undefined: a query of points or series themselves, or groups that SQLite has to make. */
  readonly grouping: GroupPlan | undefined;
  /** Why SQLite has to make the groups. */
  readonly notGrouped: string | undefined;
}

/** Plans a query. Throws {@linkcode NotCovered} where SQLite has to run it. */
export function planVector(parsed: Select, scope: VectorScope, snapshot: Snapshot): VectorPlan {
  const hasStar = parsed.items.some((item) => "star" in item);
  const items = parsed.items.flatMap((item) =>
    "star" in item
      ? scope.columnsOf(item).map((expression) => ({ expression, alias: undefined, start: 0, end: 0 }))
      : [item]
  );
  const select: PlannedSelect = { ...parsed, items };
  const seriesFilters: Expression[] = [];
  const rowFilters: Expression[] = [];
  for (const condition of [...scope.joins(snapshot), ...conjuncts(select.where)]) {
    const level = scope.level(condition);
    if (level === "aggregate") throw new NotCovered("an aggregate in WHERE");
    (level === "row" ? rowFilters : seriesFilters).push(condition);
  }
  for (const constant of [select.limit, select.offset]) if (constant !== undefined) scope.level(constant);
  const shown: Expression[] = [
    ...select.items.map((item) => item.expression),
    ...select.orderBy.map((item) => item.expression),
  ];
  if (select.having !== undefined) shown.push(select.having);
  const hasAggregate = shown.some((expression) => mayAggregate(itemOf(expression, select, scope) ?? expression, scope));
  const plan = { select, scope, seriesFilters, rowFilters };
  if (!hasAggregate && select.groupBy.length === 0) return { ...plan, grouping: undefined, notGrouped: undefined };
  try {
    return { ...plan, grouping: planGroups(select, scope, shown, hasStar), notGrouped: undefined };
  } catch (error) {
    if (!(error instanceof NotCovered)) throw error;
    return { ...plan, grouping: undefined, notGrouped: error.message };
  }
}

/** Whether an expression takes many rows to one; where that is not known, it does. */
function mayAggregate(expression: Expression, scope: VectorScope): boolean {
  try {
    return scope.level(expression) === "aggregate";
  } catch (error) {
    if (error instanceof NotCovered) return true;
    throw error;
  }
}

/** The item that a number or a name in ORDER BY or GROUP BY means; undefined where it is an expression itself. */
export function itemOf(expression: Expression, select: PlannedSelect, scope: VectorScope): Expression | undefined {
  if (expression.kind === "number" && expression.isInteger) {
    return select.items[expression.value - 1]?.expression;
  }
  if (expression.kind !== "column" || expression.table !== undefined) return undefined;
  const named = select.items.find((item) => item.alias?.toLowerCase() === expression.name.toLowerCase());
  // A column of the tables goes before a name that the query gives.
  return named !== undefined && scope.resolve(expression) === undefined ? named.expression : undefined;
}

function planGroups(
  select: PlannedSelect,
  scope: VectorScope,
  shown: readonly Expression[],
  hasStar: boolean,
): GroupPlan {
  if (hasStar) throw new NotCovered("* beside aggregates");
  const groups: GroupColumn[] = [];
  const references = new Map<string, Reference>();
  for (const expression of select.groupBy) {
    const meant = itemOf(expression, select, scope) ?? expression;
    const level = scope.level(meant);
    if (level === "aggregate") throw new NotCovered("GROUP BY an aggregate");
    const key = scope.key(meant);
    if (references.has(key)) continue;
    references.set(key, { kind: "group", index: groups.length });
    groups.push({ expression: meant, isRow: level === "row" });
  }
  const determined = new Set(groups.flatMap(({ expression }) => scope.determines(expression)));
  const aggregates: AggregateCall[] = [];
  const dependents: Expression[] = [];
  const visit = (expression: Expression): void => {
    const key = scope.key(expression);
    if (references.has(key)) return;
    if (expression.kind === "call" && scope.isAggregate(expression)) {
      if (expression.distinct) throw new NotCovered("DISTINCT in an aggregate");
      const [arg] = expression.args;
      if (arg !== undefined && scope.level(arg) === "aggregate") throw new NotCovered("an aggregate of an aggregate");
      references.set(key, { kind: "aggregate", index: aggregates.length });
      aggregates.push({ name: expression.name, arg });
      return;
    }
    scope.checkFunction(expression);
    if (expression.kind === "column") {
      if (scope.level(expression) === "row" || !determined.has(scope.tableOf(expression) ?? "")) {
        throw new NotCovered(`"${expression.name}", which may differ within a group`);
      }
      references.set(key, { kind: "group", index: groups.length + dependents.length });
      dependents.push(expression);
      return;
    }
    childrenOf(expression).forEach(visit);
  };
  for (const expression of shown) visit(itemOf(expression, select, scope) ?? expression);
  return { groups, dependents, aggregates, reference: (expression) => references.get(scope.key(expression)) };
}

/** The whole number that LIMIT or OFFSET is; NaN where it is something else. */
export function numberIn(plan: VectorPlan, expression: Expression | undefined): number {
  if (expression === undefined) return NaN;
  const value = expression.kind === "number"
    ? expression.value
    : expression.kind === "parameter"
    ? plan.scope.parameter(expression.name)
    : NaN;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : NaN;
}

/** The names of the columns of the answer, as SQLite gives them. */
export function namesOf({ select, scope }: VectorPlan): string[] {
  return select.items.map(({ alias, expression }) => {
    if (alias !== undefined) return alias;
    const resolved = scope.resolve(expression);
    if (resolved === undefined) return scope.sql.slice(expression.start, expression.end);
    return resolved.path === undefined ? resolved.column : (expression as { name: string }).name;
  });
}
