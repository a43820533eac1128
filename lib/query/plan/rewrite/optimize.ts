import type { Facts } from "../facts.ts";
import type { Plan } from "../plan.ts";
import { mapPlans, mapSubplans } from "../plans.ts";
import { dimensionJoins } from "./dimension_joins.ts";
import { mergeProjects } from "./merge_projects.ts";
import { pruneColumns } from "./prune_columns.ts";
import { pushConditions } from "./push_conditions.ts";
import { pushLimits } from "./push_limits.ts";
import { seriesSummaries } from "./series_summaries.ts";

/** The same rows for less: each rewrite in its turn, within subqueries first. */
export function optimize(plan: Plan, facts: Facts): Plan {
  const within = (plan: Plan): Plan => mapSubplans(mapPlans(plan, within), (it) => optimize(it, facts));
  const joins = [mergeProjects, dimensionJoins(facts), pushConditions];
  const rewrites = [pushConditions, ...joins, ...joins, seriesSummaries, pushLimits, pruneColumns];
  return rewrites.reduce((plan, rewrite) => rewrite(plan), within(plan));
}
