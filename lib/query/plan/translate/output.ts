import type { Reference } from "../../bind/bound.ts";
import type { Expression } from "../../sql/tree.ts";
import type { PlanContext } from "./context.ts";
import { keyOfReference } from "../../bind/expression_key.ts";
import type { Scalar } from "../plan.ts";
import type { Scope } from "./scope.ts";
import { scalarOf, scalarOfReference } from "./expression.ts";

/** A column of the answer of a SELECT: an expression, or what a `*` stands for. */
export interface Output {
  readonly expression: Expression | undefined;
  readonly reference: Reference | undefined;
}

export function scalarOfOutput(
  context: PlanContext,
  { expression, reference }: Output,
  scope: Scope,
  at: { readonly start: number },
): Scalar {
  if (expression !== undefined) return scalarOf(context, expression, scope);
  if (reference === undefined) return context.refuse("a column of * without a meaning", at);
  const there = scope.expressions.get(keyOfReference(context.bound, reference));
  return there ?? scalarOfReference(context, reference, scope, at);
}
