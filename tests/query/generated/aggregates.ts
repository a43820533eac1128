import type { Expressions } from "./expressions.ts";
import type { Scope } from "./scope.ts";

const AGGREGATES = ["count", "sum", "min", "max", "avg", "total", "count", "sum", "min", "max", "avg", "total"];
const DEVIATIONS = ["stddev", "stddev_pop", "variance", "variance_pop"];
const QUANTILES = ["percentile(@, 90)", "percentile_cont(@, 0.25)", "percentile_disc(@, 0.5)"];
const BEHIND = ["/ 7", "|| ' points'", "+ 1", "* 2", "> 1", "% 5", "IS NULL", "- 0.5"];

/** An aggregate over the rows of a scope; what it is of names nothing of the queries around. */
export function aggregateOf(make: Expressions, { own, times, depth }: Scope): string {
  const scope: Scope = { own, outer: [], times, depth };
  const { choose } = make;
  if (choose.chance(0.25)) return "count(*)";
  const filter = choose.chance(0.15) ? ` FILTER (WHERE ${make.condition(scope, 1)})` : "";
  if (choose.chance(0.04)) return `median(${choose.column(scope, "whole")})${filter}`;
  // The last digits of a root depend on the way to it.
  if (choose.chance(0.08)) return `round(${choose.pick(DEVIATIONS)}(${choose.column(scope, "whole")})${filter}, 5)`;
  const hasNumbers = own.every(({ table }) => table !== undefined && table !== "logs" && table !== "notes");
  if (hasNumbers && choose.chance(0.06)) {
    return `${choose.pick(QUANTILES).replace("@", choose.column(scope, "whole", "number"))}${filter}`;
  }
  if (choose.chance(0.06)) return joined(make, scope) + filter;
  const name = choose.pick(AGGREGATES);
  const distinct = choose.chance(0.15) ? "DISTINCT " : "";
  // Sums of fractions of any size depend on their order: only columns, whose values add up exactly.
  const isSum = name === "sum" || name === "avg" || name === "total";
  return `${name}(${distinct}${isSum ? summable(make, scope) : make.any(scope, 1)})${filter}`;
}

function summable({ choose }: Expressions, scope: Scope): string {
  const column = choose.column(scope, "number", "whole");
  const pick = choose.random.next();
  if (pick < 0.25) return `(${column} * ${choose.pick(["2", "0.5", "3"])})`;
  if (pick < 0.35) return `CASE WHEN ${choose.column(scope, "text")} LIKE '%a%' THEN ${column} ELSE 0 END`;
  return column;
}

/** All values of a group in one, in an order that leaves nothing open. */
function joined({ choose }: Expressions, scope: Scope): string {
  const of = choose.column(scope, "text", "whole", "any");
  return choose.pick([
    `group_concat(${of}, '|' ORDER BY ${of})`,
    `group_concat(DISTINCT ${of} ORDER BY ${of} DESC)`,
    `string_agg(${of}, ', ' ORDER BY ${of})`,
    `json_group_array(${of} ORDER BY ${of})`,
    `count(${of} ORDER BY ${of})`,
  ]);
}

/** A value of a group: aggregates, and what is computed from them. */
export function overAggregates(make: Expressions, scope: Scope): string {
  const { choose } = make;
  const aggregate = aggregateOf(make, scope);
  const pick = choose.random.next();
  if (pick < 0.52) return aggregate;
  // The aggregate is of the query outside, whose columns it names.
  if (pick < 0.55) return `(SELECT ${aggregate})`;
  if (pick < 0.7) return `${aggregate} ${choose.pick(BEHIND)}`;
  if (pick < 0.82) return `typeof(${aggregate})`;
  if (pick < 0.9) return `CASE WHEN ${aggregate} > ${make.literal()} THEN ${aggregateOf(make, scope)} ELSE 'none' END`;
  return `coalesce(${aggregate}, ${aggregateOf(make, scope)})`;
}
