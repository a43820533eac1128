import { mapParts } from "../../plan/scalars.ts";
import type { Scalar } from "../../plan/plan.ts";
import { applyAffinity } from "../../values/convert.ts";
import type { ScalarContext } from "./context.ts";

/** A scalar in which the answers of the plans stand in their place. */
export function withoutPlans(scalar: Scalar, context: ScalarContext): Scalar {
  const mapped = mapParts(scalar, (part) => withoutPlans(part, context));
  if (mapped.kind === "subquery") return { kind: "constant", value: context.value(mapped.plan) };
  if (mapped.kind === "exists") return { kind: "constant", value: context.exists(mapped.plan) ? 1n : 0n };
  if (mapped.kind !== "in" || mapped.set.kind !== "plan") return mapped;
  const { plan, affinity } = mapped.set;
  const values = context.members(plan).map((value) => applyAffinity(affinity, value));
  return { ...mapped, set: { kind: "values", values } };
}
