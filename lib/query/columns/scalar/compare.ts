import type { CompareOperator } from "../../plan/scalar.ts";
import type { Value } from "../../result/value.ts";
import { valueAt } from "../../tables/gather.ts";
import { compareValues } from "../../values/compare.ts";
import type { Vector } from "../vector.ts";
import { type State, type Truth, truthOfValue, UNKNOWN } from "./truth.ts";

/** Compares the values of two vectors. */
export function compareVectors(op: CompareOperator, left: Vector, right: Vector, count: number): Truth {
  if (left.kind === "constant" && right.kind === "constant") return compareTwo(op, left.value, right.value);
  const out = new Uint8Array(count);
  for (let row = 0; row < count; row++) out[row] = compareTwo(op, valueAt(left, row), valueAt(right, row));
  return out;
}

/** Compares two values, whose affinities have been applied. */
export function compareTwo(
  op: CompareOperator,
  left: Value,
  right: Value,
): State {
  if (op !== "is" && op !== "is not" && (left === null || right === null)) return UNKNOWN;
  return truthOfValue(holds(op, compareValues(left, right)));
}

/** Whether an operator holds for what comparing gave. */
export function holds(op: CompareOperator, comparison: number): boolean {
  switch (op) {
    case "=":
    case "is":
      return comparison === 0;
    case "<>":
    case "is not":
      return comparison !== 0;
    case "<":
      return comparison < 0;
    case "<=":
      return comparison <= 0;
    case ">":
      return comparison > 0;
    case ">=":
      return comparison >= 0;
  }
}
