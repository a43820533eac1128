import type { BoundQuery, Instance } from "../../bind/bound.ts";
import { conjunctsOfExpression } from "../../sql/children.ts";
import type { Expression, NameExpression, Query, Select, Subquery } from "../../sql/tree.ts";
import { walk } from "../../sql/walk.ts";
import { isUnordered } from "./row_order.ts";
import { SAFE_CALLS } from "./may_fail.ts";

/** An aggregate that depends on the row only by values that something of its own must be equal to. */
export interface GroupedSubquery {
  readonly node: Subquery;
  readonly select: Select;
  readonly item: Expression;
  readonly pairs: readonly { readonly inner: NameExpression; readonly outer: Expression }[];
  /** The other conditions of its WHERE. */
  readonly own: readonly Expression[];
}

/** Functions besides that may be computed for all groups, also those that no row asks for. */
const AGGREGATES: readonly string[] = ["sum", "median", "stddev", "stddev_pop", "variance", "variance_pop"];

/**
 * The subqueries of a query that can be computed once for each group instead of once for each row: `(SELECT avg(value) FROM
 * points q WHERE q.exp = p.exp)`.
 *
 * Condition: one aggregate as a value, of one SELECT without GROUP BY, whose outer names stand only in conjuncts of its WHERE of
 * that form, with a column of a table on the inner side; without functions that differ from call to call or may fail.
 */
export function groupedSubqueries(bound: BoundQuery): readonly GroupedSubquery[] {
  const found: GroupedSubquery[] = [];
  walk(bound.tree, (node) => {
    if (node.kind !== "subquery") return;
    const grouped = groupedOf(bound, node);
    if (grouped !== undefined) found.push(grouped);
    return grouped === undefined;
  });
  return found;
}

function groupedOf(bound: BoundQuery, node: Subquery): GroupedSubquery | undefined {
  const { query } = node;
  const outerNames = bound.outerReferences.get(query) ?? [];
  const select = query.first;
  if (outerNames.length === 0 || select.kind !== "select" || !isPlain(query, select)) return undefined;
  const core = bound.cores.get(select);
  const item = core?.output[0].expression;
  if (core?.isAggregate !== true || core.output.length !== 1) return undefined;
  if (item === undefined || bound.affinities(item) !== "none") return undefined;
  const pairs: { inner: NameExpression; outer: Expression }[] = [];
  const own: Expression[] = [];
  for (const condition of select.where === undefined ? [] : conjunctsOfExpression(select.where)) {
    const pair = pairOf(bound, core.instances, condition);
    if (pair === undefined) own.push(condition);
    else pairs.push(pair);
  }
  const reached = new Set(pairs.flatMap(({ outer }) => namesIn(outer)));
  if (!outerNames.every((name) => reached.has(name)) || ![item, ...own].every(isSteady)) return undefined;
  if (!isUnordered(bound, item)) return undefined;
  return { node, select, item, pairs, own };
}

function isPlain(query: Query, select: Select): boolean {
  return query.with === undefined && query.rest.length === 0 && query.orderBy.length === 0 &&
    query.limit === undefined &&
    query.offset === undefined && select.from !== undefined && select.groupBy.length === 0 &&
    select.having === undefined && !select.distinct && select.windows.length === 0;
}

function pairOf(
  bound: BoundQuery,
  instances: readonly Instance[],
  condition: Expression,
): GroupedSubquery["pairs"][number] | undefined {
  if (condition.kind !== "binary" || condition.op !== "=") return undefined;
  for (const [inner, outer] of [[condition.left, condition.right], [condition.right, condition.left]]) {
    if (inner.kind !== "name" || !isSteady(outer)) continue;
    const reference = bound.references.get(inner);
    const isOwn = reference?.kind === "column" && instances.includes(reference.instance) &&
      reference.instance.source.kind === "table";
    const names = namesIn(outer);
    const isOuter = names.length > 0 && names.every((name) => {
      const reference = bound.references.get(name);
      return reference?.kind === "column" && !instances.includes(reference.instance);
    });
    const isBinary = [inner, outer].every((side) => (bound.collations(side) ?? "BINARY") === "BINARY");
    if (isOwn && isOuter && isBinary) return { inner, outer };
  }
}

function namesIn(expression: Expression): NameExpression[] {
  const names: NameExpression[] = [];
  walk(expression, (node) => {
    if (node.kind === "name") names.push(node);
  });
  return names;
}

/** Whether it gives the same each time and never fails, and holds no query. */
function isSteady(expression: Expression): boolean {
  let isSteady = true;
  walk(expression, (node) => {
    const isCall = node.kind === "call";
    const name = isCall ? node.name.text.toLowerCase() : "";
    isSteady &&= node.kind !== "query" && !(node.kind === "binary" && node.op.startsWith("->")) &&
      (!isCall || node.over === undefined && (SAFE_CALLS.has(name) || AGGREGATES.includes(name)));
  });
  return isSteady;
}
