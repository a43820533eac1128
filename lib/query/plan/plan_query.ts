import type { BoundQuery } from "../bind/bound.ts";
import type { Value } from "../values/value.ts";
import { PlanContext } from "./translate/context.ts";
import type { Facts } from "./facts.ts";
import type { Plan, Unsupported } from "./plan.ts";
import { attachSubquery } from "./translate/correlated.ts";
import { optimize } from "./rewrite/optimize.ts";
import { planOfQuery } from "./translate/query.ts";

export type { Facts } from "./facts.ts";

/** Plans a query for the column executor, or says why SQLite has to run it. Output: the columns of the answer. */
export function planQuery(
  bound: BoundQuery,
  parameters: Readonly<Record<string, Value>>,
  facts: Facts,
): { readonly kind: "planned"; readonly plan: Plan } | Unsupported {
  const context: PlanContext = new PlanContext(
    bound,
    parameters,
    facts,
    (query) => planOfQuery(context, query),
    (scope, query, as) => attachSubquery(context, scope, query, as),
  );
  const plan = planOfQuery(context, bound.tree);
  return context.refusals.length > 0 ? context.refusals[0] : { kind: "planned", plan: optimize(plan, facts) };
}
