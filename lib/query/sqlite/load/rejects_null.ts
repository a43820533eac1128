import type { Scalar } from "../../plan/plan.ts";

/** Whether a condition is surely not true of a row of NULLs. */
export function rejectsNull(condition: Scalar): boolean {
  if (condition.kind === "and") return condition.items.some(rejectsNull);
  if (condition.kind === "or") return condition.items.every(rejectsNull);
  return isNullOfNulls(condition);
}

/** Whether a scalar is surely NULL over a row of NULLs. */
function isNullOfNulls(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case "input":
      return true;
    case "compare":
      return scalar.op !== "is" && scalar.op !== "is not" &&
        (isNullOfNulls(scalar.left) || isNullOfNulls(scalar.right));
    case "and":
    case "or":
      return scalar.items.every(isNullOfNulls);
    case "not":
    case "affinity":
      return isNullOfNulls(scalar.operand);
    case "in":
      return scalar.set.kind === "values" && scalar.set.values.length > 0 && isNullOfNulls(scalar.operand);
    case "like":
      return isNullOfNulls(scalar.text) || isNullOfNulls(scalar.pattern);
    default:
      return false;
  }
}
