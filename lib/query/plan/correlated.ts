import type { Query } from "../sql/tree.ts";
import type { PlanContext } from "./context.ts";
import type { Scalar } from "./scalar.ts";
import type { Scope } from "./scope.ts";

/** A subquery that depends on the row. SQLite runs these until they are rewritten as joins. */
export function attachSubquery(context: PlanContext, _scope: Scope, query: Query, as: "value" | "exists"): Scalar {
  return context.refuse(
    as === "exists" ? "EXISTS that depends on the row" : "a subquery that depends on the row",
    query,
  );
}
