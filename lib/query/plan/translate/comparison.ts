import type { Affinity } from "../../bind/bound.ts";
import { isColumn } from "../../bind/types.ts";
import type { Expression } from "../../sql/tree.ts";
import { applyToConstant } from "./constants.ts";
import type { PlanContext } from "./context.ts";
import { constant } from "../scalars.ts";
import type { Scalar } from "../plan.ts";

/** What an expression brings into a comparison. */
export interface Operand {
  readonly scalar: Scalar;
  readonly affinity: Affinity;
  /** A column without a type, which is compared with texts as it is; an expression without affinity is not. */
  readonly isBlob: boolean;
}

/** An expression as an operand. */
export function operandOf(context: PlanContext, expression: Expression, scalar: Scalar): Operand {
  const affinity = context.bound.affinities(expression);
  return { scalar, affinity, isBlob: affinity === "none" && isColumn(context.bound, expression) };
}

/** The operands of a comparison with the conversions that SQLite makes before it compares. */
export function applyComparisonAffinity(left: Operand, right: Operand): [Scalar, Scalar] {
  const to = comparisonAffinity(left, right);
  return [convert(left, to), convert(right, to)];
}

/** The conversion of both sides of a comparison; `none`: there is none. */
export function comparisonAffinity(left: Operand, right: Operand): Affinity {
  if (isNumeric(left.affinity) || isNumeric(right.affinity)) return "numeric";
  if (left.affinity === "text") return right.affinity === "text" || !right.isBlob ? "text" : "none";
  if (right.affinity === "text") return left.isBlob ? "none" : "text";
  return "none";
}

export function isNumeric(affinity: Affinity): boolean {
  return affinity === "numeric" || affinity === "integer" || affinity === "real";
}

function convert({ scalar, affinity }: Operand, to: Affinity): Scalar {
  if (to === "none" || affinity === to || to === "numeric" && isNumeric(affinity)) return scalar;
  if (scalar.kind === "constant") {
    const value = applyToConstant(to, scalar.value);
    if (value !== undefined) return constant(value);
  }
  return { kind: "affinity", to, operand: scalar };
}
