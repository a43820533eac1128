import type { OrderTerm, Select } from "../../sql/tree.ts";
import type { PlanContext } from "./context.ts";
import { expressionKey } from "../../bind/expression_key.ts";
import type { Plan, Scalar, SortKey } from "../plan.ts";
import { input, inputs } from "../scalars.ts";
import type { Scope } from "./scope.ts";
import { grouped } from "./groups.ts";
import { scopeOfFrom } from "./from.ts";
import { sortKeyOf } from "./sort_key.ts";
import { type Output, scalarOfOutput } from "./output.ts";
import { checkCollation, scalarOf } from "./expression.ts";
import { addWindows } from "./windows.ts";

/** A SELECT with an order. Output: its columns. */
export function planOfSelect(context: PlanContext, select: Select, orderBy: readonly OrderTerm[]): Plan {
  const { bound } = context;
  const core = bound.cores.get(select)!;
  const { output } = core;
  let scope = scopeOfFrom(context, select.from);
  if (select.where !== undefined) filter(scope, scalarOf(context, select.where, scope));
  const terms = orderBy.filter(({ expression }) => bound.terms.get(expression)?.kind !== "output");
  const shown = [...output.flatMap(({ expression }) => expression ?? []), ...terms.map((term) => term.expression)];
  if (core.isAggregate) {
    scope = grouped(context, select, output, shown, scope);
    if (select.having !== undefined) filter(scope, scalarOf(context, select.having, scope));
  }
  addWindows(context, select, shown, scope);
  const items = output.map((it) => scalarOfOutput(context, it, scope, select));
  if (select.distinct) {
    output.forEach(({ collation }) => collation !== "BINARY" && context.refuse(`collation ${collation}`, select));
    return ordered(context, { kind: "distinct", input: project(scope.plan, items) }, output, orderBy);
  }
  if (orderBy.length === 0) return project(scope.plan, items);
  const extra: Scalar[] = [];
  const keys = orderBy.map((term): SortKey => {
    const meaning = bound.terms.get(term.expression);
    checkCollation(context, term.expression);
    if (meaning?.kind === "output") {
      if (output[meaning.index].collation !== "BINARY") context.refuse("a collation in ORDER BY", term.expression);
      return sortKeyOf(term, input(meaning.index));
    }
    const scalar = scalarOf(context, term.expression, scope);
    if (scalar.kind === "constant") return sortKeyOf(term, scalar);
    return sortKeyOf(term, input(items.length + extra.push(scalar) - 1));
  });
  // The plan is taken only now: what ORDER BY asks for may have widened it.
  const sorted: Plan = { kind: "sort", input: project(scope.plan, [...items, ...extra]), keys, limit: undefined };
  return extra.length === 0 ? sorted : project(sorted, inputs(items.length));
}

/** Distinct rows in an order, which may only look at what is shown. */
function ordered(
  context: PlanContext,
  plan: Plan,
  output: readonly Output[],
  orderBy: readonly OrderTerm[],
): Plan {
  if (orderBy.length === 0) return plan;
  const places = new Map<string, number>();
  output.forEach(({ expression }, at) => {
    if (expression !== undefined) places.set(expressionKey(context.bound, expression), at);
  });
  const keys = orderBy.map((term): SortKey => {
    const meaning = context.bound.terms.get(term.expression);
    const at = meaning?.kind === "output" ? meaning.index : places.get(expressionKey(context.bound, term.expression));
    if (at !== undefined) return sortKeyOf(term, input(at));
    return sortKeyOf(term, context.refuse("DISTINCT with another order than by its columns", term.expression));
  });
  return { kind: "sort", input: plan, keys, limit: undefined };
}

function project(input: Plan, items: readonly Scalar[]): Plan {
  return { kind: "project", input, items };
}

function filter(scope: Scope, condition: Scalar): void {
  scope.plan = { kind: "filter", input: scope.plan, condition };
}
