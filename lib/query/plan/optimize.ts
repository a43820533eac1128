import type { Facts } from "./context.ts";
import type { Plan } from "./plan.ts";
import { mapPlans, mapSubplans } from "./plans.ts";
import { dimensionJoins } from "./rewrite/dimension_joins.ts";
import { mergeProjects } from "./rewrite/merge_projects.ts";
import { pruneColumns } from "./rewrite/prune_columns.ts";
import { pushConditions } from "./rewrite/push_conditions.ts";
import { pushLimits } from "./rewrite/push_limits.ts";
import { seriesSummaries } from "./rewrite/series_summaries.ts";

/** The same rows for less: each rewrite in its turn, within subqueries first. */
export function optimize(plan: Plan, facts: Facts): Plan {
  const within = (plan: Plan): Plan => mapSubplans(mapPlans(plan, within), (it) => optimize(it, facts));
  const joins = [mergeProjects, dimensionJoins(facts), pushConditions];
  const rewrites = [pushConditions, ...joins, ...joins, seriesSummaries, pushLimits, pruneColumns];
  return rewrites.reduce((plan, rewrite) => rewrite(plan), within(plan));
}
