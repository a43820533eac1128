import type { LimitPlan, Plan, SortPlan } from "../plan.ts";
import { mapPlans } from "../plans.ts";

/**
 * A sort below a LIMIT keeps only the rows that will be looked at; a scan below it that is sorted by a column of its own first
 * may leave out what is certainly behind them.
 *
 * Condition: nothing but projections stands between; the scan sees the column as it is.
 */
export function pushLimits(plan: Plan): Plan {
  const mapped = mapPlans(plan, pushLimits);
  if (mapped.kind !== "limit" || mapped.count === Infinity) return mapped;
  return { ...mapped, input: limited(mapped.input, mapped) };
}

function limited(plan: Plan, limit: LimitPlan): Plan {
  if (plan.kind === "project") return { ...plan, input: limited(plan.input, limit) };
  if (plan.kind !== "sort") return plan;
  const rows = limit.offset + limit.count;
  return withTop({ ...plan, limit: Math.min(plan.limit ?? Infinity, rows) }, rows);
}

function withTop(sort: SortPlan, count: number): SortPlan {
  const [key] = sort.keys;
  if (key?.scalar.kind !== "input") return sort;
  const { descending, nullsFirst } = key;
  const into = (plan: Plan, column: number): Plan | undefined => {
    if (plan.kind === "scan") return { ...plan, top: { column, descending, nullsFirst, count } };
    if (plan.kind !== "project") return undefined;
    const item = plan.items[column];
    const below = item.kind === "input" ? into(plan.input, item.index) : undefined;
    return below && { ...plan, input: below };
  };
  const input = into(sort.input, key.scalar.index);
  return input === undefined ? sort : { ...sort, input };
}
