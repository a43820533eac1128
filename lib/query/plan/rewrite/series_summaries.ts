import type { Aggregate, AggregatePlan, Plan, Scalar, ScanColumn, ScanPlan } from "../plan.ts";
import { mapPlans } from "../plans.ts";
import { constant, input, inputs, inputsOf, moveInputs, NULL, replaceInputs } from "../scalars.ts";

/** Columns of points that differ within a series. */
const OF_POINTS = /^(idx|step|ts|value|c\d+)$/;

/** What the index knows of a series without reading its points: columns of the internal table `series`. */
export const SERIES_COLUMNS = ["count", "numbers", "sum", "sum_error", "min", "max"] as const;

/**
 * Aggregates of points come from what the index knows of whole series: the internal table `series` has a row for each series,
 * with all other columns of points.
 *
 * Condition: count(*), count, sum, total, avg, min and max of `value` as it is, without DISTINCT or FILTER; keys and
 * conditions look only at what is the same in a whole series.
 */
export function seriesSummaries(plan: Plan): Plan {
  const mapped = mapPlans(plan, seriesSummaries);
  return mapped.kind === "aggregate" ? summed(mapped) ?? mapped : mapped;
}

function summed(plan: AggregatePlan): Plan | undefined {
  const found = scanBelow(plan.input);
  if (found === undefined || found.scan.table !== "points" || found.scan.top !== undefined) return undefined;
  const { scan, below } = found;
  const differs = (at: number) => {
    const { table, column } = scan.columns[at];
    return table === "points" && OF_POINTS.test(column);
  };
  const keys = plan.keys.map(below);
  if ([...inputsOf(...keys, ...scan.where)].some(differs)) return undefined;
  const columns: ScanColumn[] = scan.columns.map((it) => it.table === "points" ? { ...it, table: "series" } : it);
  const kept = columns.map((_, at) => !differs(at));
  const places = new Map<number, number>();
  kept.forEach((isKept, at) => isKept && places.set(at, places.size));
  const own = places.size;
  const known = (name: (typeof SERIES_COLUMNS)[number]): Scalar => input(own + SERIES_COLUMNS.indexOf(name));
  const move = (scalar: Scalar) => moveInputs(scalar, (at) => places.get(at)!);
  const aggregates: Aggregate[] = [];
  const add = (name: Aggregate["name"], arg: Scalar): Scalar =>
    input(plan.keys.length + aggregates.push({ name, args: [arg], distinct: false, filter: undefined }) - 1);
  const items: Scalar[] = [];
  for (const { name, args, distinct, filter, rowOf } of plan.aggregates) {
    if (distinct || filter !== undefined || rowOf !== undefined || args.length > 1) return undefined;
    const arg = args[0] && below(args[0]);
    const isValue = arg?.kind === "input" && scan.columns[arg.index].column === "value" && differs(arg.index);
    if (arg !== undefined && !isValue) return undefined;
    const item = isValue
      ? ofValue(name, add, known)
      : name === "count"
      ? orZero(add("sum", known("count")), 0n)
      : undefined;
    if (item === undefined) return undefined;
    items.push(item);
  }
  const series: ScanPlan = {
    kind: "scan",
    table: "series",
    columns: [...columns.filter((_, at) => kept[at]), ...SERIES_COLUMNS.map((column) => ({ table: "series", column }))],
    where: scan.where.map(move),
  };
  const groups: Plan = { kind: "aggregate", input: series, keys: keys.map(move), aggregates };
  return { kind: "project", input: groups, items: [...inputs(plan.keys.length), ...items] };
}

function ofValue(
  name: Aggregate["name"],
  add: (name: Aggregate["name"], arg: Scalar) => Scalar,
  known: (name: (typeof SERIES_COLUMNS)[number]) => Scalar,
): Scalar | undefined {
  if (name === "min" || name === "max") return add(name, known(name));
  const numbers = add("sum", known("numbers"));
  if (name === "count") return orZero(numbers, 0n);
  if (name !== "sum" && name !== "total" && name !== "avg") return undefined;
  // What rounding took is NULL where the sum is infinite: then there is nothing to add. Of no numbers there is no sum.
  const error = orZero(add("sum", known("sum_error")), 0);
  const total: Scalar = { kind: "arithmetic", op: "+", left: add("sum", known("sum")), right: error };
  if (name === "total") return orZero(total, 0);
  const value: Scalar = name === "sum" ? total : { kind: "arithmetic", op: "/", left: total, right: numbers };
  const hasNumbers: Scalar = { kind: "compare", op: ">", left: numbers, right: constant(0n) };
  return { kind: "case", branches: [{ when: hasNumbers, then: value }], otherwise: NULL };
}

function orZero(scalar: Scalar, zero: 0n | 0): Scalar {
  return { kind: "call", name: "coalesce", args: [scalar, constant(zero)] };
}

/** The scan below projections, and what a scalar over these is over the scan. */
function scanBelow(plan: Plan): { readonly scan: ScanPlan; readonly below: (scalar: Scalar) => Scalar } | undefined {
  if (plan.kind === "scan") return { scan: plan, below: (scalar) => scalar };
  if (plan.kind !== "project") return undefined;
  const found = scanBelow(plan.input);
  return found && { ...found, below: (scalar) => found.below(replaceInputs(scalar, (at) => plan.items[at])) };
}
