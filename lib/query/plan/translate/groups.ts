import type { Reference } from "../../bind/bound.ts";
import type { Call, Expression, Select } from "../../sql/tree.ts";
import { childrenOf, queryIn } from "../../sql/children.ts";
import type { PlanContext } from "./context.ts";
import { functionallyDetermined } from "./functional_dependence.ts";
import { expressionKey } from "../../bind/expression_key.ts";
import type { Aggregate, AggregateName, Scalar } from "../plan.ts";
import { input } from "../scalars.ts";
import { Scope } from "./scope.ts";
import { checkCollation, scalarOf } from "./expression.ts";
import { type Output, scalarOfOutput } from "./output.ts";

const AGGREGATES: ReadonlySet<string> = new Set<AggregateName>([
  ...["count", "sum", "total", "avg", "min", "max", "median", "percentile", "percentile_cont"] as const,
  ...["percentile_disc", "stddev", "stddev_pop", "variance", "variance_pop"] as const,
]);

/** The groups of a SELECT: a scope in which keys, aggregates and columns beside them are columns. */
export function grouped(
  context: PlanContext,
  select: Select,
  output: readonly Output[],
  shown: readonly Expression[],
  rows: Scope,
): Scope {
  const { bound } = context;
  const keys: Scalar[] = [];
  const places = new Map<string, Scalar>();
  const named: Reference[] = [];
  for (const term of select.groupBy) {
    const meaning = bound.terms.get(term);
    const meant = meaning?.kind === "output" ? output[meaning.index] : { expression: term, reference: undefined };
    const at = input(keys.push(scalarOfOutput(context, meant, rows, term)) - 1);
    checkCollation(context, meant.expression ?? term);
    places.set(expressionKey(bound, meant.expression ?? term), at);
    named.push(...some(meant.reference ?? referenceOf(context, meant.expression)));
    // The number of a column means the column only where it is the term: elsewhere a 2 is a 2.
    if (term.kind !== "literal") places.set(expressionKey(bound, term), at);
  }
  if (output.some(({ expression }) => expression === undefined)) context.refuse("* beside aggregates", select);
  return groupedBy(context, select, shown, rows, keys, places, named);
}

/** What a name means, through aliases. */
function referenceOf(context: PlanContext, expression: Expression | undefined): Reference | undefined {
  if (expression?.kind !== "name") return undefined;
  const reference = context.bound.references.get(expression);
  return reference?.kind === "item" ? referenceOf(context, reference.item.expression) : reference;
}

/** Groups by keys that are there already. */
export function groupedBy(
  context: PlanContext,
  select: Select,
  shown: readonly Expression[],
  rows: Scope,
  keys: readonly Scalar[],
  places: Map<string, Scalar> = new Map(),
  named: readonly Reference[] = [],
): Scope {
  const { bound } = context;
  const aggregates: Aggregate[] = [];
  const bare: { readonly expression: Expression; readonly key: string }[] = [];
  const visit = (expression: Expression): void => {
    const key = expressionKey(bound, expression);
    if (places.has(key)) return;
    if (expression.kind === "call" && bound.isAggregate(expression)) {
      aggregates.push(aggregateOf(context, expression, rows));
      places.set(key, input(keys.length + aggregates.length - 1));
      return;
    }
    if (expression.kind === "name") {
      const reference = bound.references.get(expression);
      if (reference?.kind === "item") visit(reference.item.expression);
      else if (reference?.kind !== "text") bare.push({ expression, key });
      return;
    }
    const query = queryIn(expression);
    for (const name of query === undefined ? [] : bound.outerReferences.get(query) ?? []) visit(name);
    childrenOf(expression).forEach(visit);
  };
  shown.forEach(visit);
  if (select.having !== undefined) visit(select.having);
  const extremes = aggregates.flatMap(({ name }, at) => name === "min" || name === "max" ? [at] : []);
  let isDetermined: ReturnType<typeof functionallyDetermined> | undefined;
  for (const { expression, key } of bare) {
    if (places.has(key)) continue;
    const reference = referenceOf(context, expression);
    isDetermined ??= functionallyDetermined(context, select, named);
    const isSame = reference !== undefined && named.length > 0 && isDetermined(reference);
    if (!isSame && extremes.length !== 1) {
      context.refuse(
        `${bound.sql.slice(expression.start, expression.end)}, which may differ within a group`,
        expression,
      );
    }
    const args = [scalarOf(context, expression, rows)];
    aggregates.push({ name: "any", args, distinct: false, filter: undefined, rowOf: isSame ? undefined : extremes[0] });
    places.set(key, input(keys.length + aggregates.length - 1));
  }
  // The plan is taken only now: what keys and aggregates ask for may have widened it.
  const scope = new Scope({ kind: "aggregate", input: rows.plan, keys, aggregates });
  for (const [key, scalar] of places) scope.expressions.set(key, scalar);
  return scope;
}

/** An aggregate over the rows of a scope. */
export function aggregateOf(context: PlanContext, call: Call, rows: Scope): Aggregate {
  const name = call.name.text.toLowerCase();
  if (!AGGREGATES.has(name)) context.refuse(`the aggregate ${name}`, call);
  if (call.orderBy.length > 0) context.refuse("ORDER BY in an aggregate", call);
  checkCollation(context, ...call.args);
  return {
    name: name as AggregateName,
    args: call.args.map((arg) => scalarOf(context, arg, rows)),
    distinct: call.distinct,
    filter: call.filter && scalarOf(context, call.filter, rows),
  };
}

function some<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
