import type { Call, Expression, Select } from "../sql/tree.ts";
import { childrenOf } from "./children.ts";
import type { PlanContext } from "./context.ts";
import type { Scope } from "./scope.ts";

/** Adds the window functions of expressions to a scope, as columns. SQLite runs them until they are planned. */
export function addWindows(
  context: PlanContext,
  _select: Select,
  shown: readonly Expression[],
  _scope: Scope,
): void {
  const visit = (expression: Expression): void => {
    if (isWindowed(expression)) context.refuse(`the window function ${expression.name.text}`, expression);
    else childrenOf(expression).forEach(visit);
  };
  shown.forEach(visit);
}

function isWindowed(expression: Expression): expression is Call {
  return expression.kind === "call" && expression.over !== undefined;
}
