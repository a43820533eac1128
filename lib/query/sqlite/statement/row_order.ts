import type { BoundQuery } from "../../bind/bound.ts";
import type { Expression, Select } from "../../sql/tree.ts";
import { walk } from "../../sql/walk.ts";

/** Aggregates whose value does not depend on the order of the rows, except for the last digits of a sum. */
const UNORDERED: ReadonlySet<string> = new Set([
  ...["count", "sum", "total", "avg", "min", "max", "median", "percentile", "percentile_cont", "percentile_disc"],
  ...["stddev", "stddev_pop", "variance", "variance_pop"],
]);

/** Whether what a SELECT gives does not depend on the order in which rows are found: it only counts, or asks whether there are any. */
export function ignoresOrder(bound: BoundQuery, select: Select): boolean {
  const core = bound.cores.get(select);
  if (core === undefined) return false;
  if (core.isAggregate && select.groupBy.length === 0) {
    return core.output.every(({ expression }) => expression !== undefined && isUnordered(bound, expression));
  }
  let isAsked = false;
  walk(bound.tree, (node) => {
    const query = node.kind === "exists"
      ? node.query
      : node.kind === "in" && node.set.kind === "query"
      ? node.set.query
      : undefined;
    isAsked ||= query?.first === select && query.limit === undefined;
  });
  return isAsked && !core.isAggregate;
}

/** Whether an expression over a group is made of aggregates that ignore order, and of no columns of any one row. */
export function isUnordered(bound: BoundQuery, expression: Expression): boolean {
  let isUnordered = true;
  walk(expression, (node) => {
    if (node.kind === "call" && bound.isAggregate(node)) {
      isUnordered &&= UNORDERED.has(node.name.text.toLowerCase()) && node.orderBy.length === 0;
      return false;
    }
    isUnordered &&= node.kind !== "name" && node.kind !== "query";
  });
  return isUnordered;
}
