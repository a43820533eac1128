import type { Expression, Query, Select } from "../../sql/tree.ts";
import { childrenOf, conjunctsOfExpression, queryIn } from "../../sql/children.ts";
import { applyComparisonAffinity, operandOf } from "./comparison.ts";
import type { PlanContext } from "./context.ts";
import type { JoinPlan, Plan, Scalar, SortKey } from "../plan.ts";
import { widthOf } from "../plans.ts";
import { constant, input, inputs, moveInputs, NULL } from "../scalars.ts";
import type { Scope } from "./scope.ts";
import { sortKeyOf } from "./sort_key.ts";
import { scopeOfFrom } from "./from.ts";
import { groupedBy } from "./groups.ts";
import { checkCollation, scalarOf } from "./expression.ts";

/**
 * A subquery that depends on the row becomes a left join with one row for each value of what it depends on.
 *
 * Condition: one SELECT; outer names only in conjuncts of its WHERE that say that something of its own equals something of
 * the outer row. As a value: one aggregate expression without GROUP BY, or the first row of an order.
 */
export function attachSubquery(context: PlanContext, scope: Scope, query: Query, as: "value" | "exists"): Scalar {
  const select = query.first;
  const isPlain = query.with === undefined && query.rest.length === 0 && select.kind === "select" &&
    select.from !== undefined && select.groupBy.length === 0 && select.having === undefined &&
    query.offset === undefined && (query.limit === undefined || isOne(query.limit)) &&
    !(select.distinct && as === "value");
  const core = context.bound.cores.get(select);
  if (!isPlain || core === undefined || select.kind !== "select" || core.isAggregate && as === "exists") {
    return context.refuse("a subquery that depends on the row, in this form", query);
  }
  const rows = scopeOfFrom(context, select.from);
  const { own, pairs } = split(context, select, query);
  for (const condition of own) {
    const scalar = scalarOf(context, condition, rows);
    rows.plan = { kind: "filter", input: rows.plan, condition: scalar };
  }
  const keys: Scalar[] = [];
  const equal: { left: Scalar; right: Scalar }[] = [];
  for (const { inner, outer } of pairs) {
    checkCollation(context, inner, outer);
    const [left, right] = applyComparisonAffinity(
      operandOf(context, outer, scalarOf(context, outer, scope)),
      operandOf(context, inner, scalarOf(context, inner, rows)),
    );
    equal.push({ left, right: input(keys.length) });
    keys.push(right);
  }
  if (as === "exists") {
    const distinct: Plan = { kind: "distinct", input: { kind: "project", input: rows.plan, items: keys } };
    return isThere(scope, distinct, equal);
  }
  const [output] = core.output;
  if (output.expression === undefined) return context.refuse("* as a value", query);
  if (core.isAggregate) return attachAggregate(context, scope, select, output.expression, { rows, keys, equal });
  const item = scalarOf(context, output.expression, rows);
  const order = query.orderBy.map((term): SortKey => {
    const isOutput = context.bound.terms.get(term.expression)?.kind === "output";
    return sortKeyOf(term, isOutput ? item : scalarOf(context, term.expression, rows));
  });
  const width = widthOf(rows.plan);
  const frame = { unit: "rows", from: -Infinity, to: 0, exclude: "no others" } as const;
  const functions = [{ name: "row_number", args: [], filter: undefined, frame } as const];
  const numbered: Plan = { kind: "window", input: rows.plan, partition: keys, order, functions };
  const condition: Scalar = { kind: "compare", op: "=", left: input(width), right: constant(1n) };
  const first: Plan = { kind: "filter", input: numbered, condition };
  return input(scope.attach({ kind: "project", input: first, items: [...keys, item] }, equal) + keys.length);
}

interface Inner {
  readonly rows: Scope;
  readonly keys: readonly Scalar[];
  readonly equal: JoinPlan["equal"];
}

/** An aggregate for each key; for a key without rows, what it is of no rows. */
function attachAggregate(
  context: PlanContext,
  scope: Scope,
  select: Select,
  expression: Expression,
  { rows, keys, equal }: Inner,
): Scalar {
  const groups = groupedBy(context, select, [expression], rows, keys);
  const item = scalarOf(context, expression, groups);
  const items = [...inputs(keys.length), item, constant(1n)];
  const width = widthOf(rows.plan);
  const start = scope.attach({ kind: "project", input: groups.plan, items }, equal);
  if (groups.plan.kind !== "aggregate") return context.refuse("a subquery within an aggregate", select);
  const none: Plan = {
    kind: "project",
    input: { ...groups.plan, keys: [], input: { kind: "values", width, rows: [] } },
    items: [moveInputs(item, (at) => at - keys.length)],
  };
  const isMissing: Scalar = { kind: "compare", op: "is", left: input(start + keys.length + 1), right: NULL };
  return {
    kind: "case",
    branches: [{ when: isMissing, then: { kind: "subquery", plan: none } }],
    otherwise: input(start + keys.length),
  };
}

function isThere(scope: Scope, keys: Plan, equal: JoinPlan["equal"]): Scalar {
  const width = widthOf(keys);
  const items = [...inputs(width), constant(1n)];
  const start = scope.attach({ kind: "project", input: keys, items }, equal);
  return { kind: "compare", op: "is not", left: input(start + width), right: NULL };
}

function isOne(limit: Expression): boolean {
  return limit.kind === "literal" && limit.value === 1n;
}

/** The conditions of a subquery: its own, and what must equal something of the outer row. */
function split(context: PlanContext, select: Select, query: Query): {
  readonly own: readonly Expression[];
  readonly pairs: readonly { readonly inner: Expression; readonly outer: Expression }[];
} {
  const outer = new Set<Expression>(context.bound.outerReferences.get(query));
  const kindOf = (expression: Expression): { readonly inner: boolean; readonly outer: boolean } => {
    if (expression.kind === "name") return { inner: !outer.has(expression), outer: outer.has(expression) };
    const within = queryIn(expression);
    const names = within === undefined ? [] : context.bound.outerReferences.get(within) ?? [];
    const kinds = [...childrenOf(expression), ...names].map(kindOf);
    return { inner: kinds.some((it) => it.inner), outer: kinds.some((it) => it.outer) };
  };
  const own: Expression[] = [];
  const pairs: { inner: Expression; outer: Expression }[] = [];
  for (const condition of conjunctsOfExpression(select.where)) {
    if (!kindOf(condition).outer) {
      own.push(condition);
      continue;
    }
    if (condition.kind !== "binary" || condition.op !== "=") {
      context.refuse("a subquery that depends on the row by another condition than =", condition);
      continue;
    }
    const [left, right] = [kindOf(condition.left), kindOf(condition.right)];
    if (left.inner && !left.outer && right.outer && !right.inner) {
      pairs.push({ inner: condition.left, outer: condition.right });
    } else if (right.inner && !right.outer && left.outer && !left.inner) {
      pairs.push({ inner: condition.right, outer: condition.left });
    } else context.refuse("a subquery that depends on the row by a mixed condition", condition);
  }
  if (pairs.length === 0) context.refuse("a subquery that depends on the row elsewhere than in its WHERE", query);
  return { own, pairs };
}
