import type { Expression } from "../tree.ts";
import type { Heights } from "./height.ts";

/** Longer chains become balanced trees: the meaning is the same, and no one has to recurse deep. */
const MAX_CHAIN_LENGTH = 64;

/** `a AND b AND c …`, or the same of OR. */
export function chain(operands: readonly Expression[], op: "AND" | "OR", heights: Heights): Expression {
  const join = (left: Expression, right: Expression): Expression =>
    heights.note({ kind: "binary", op, left, right, start: left.start, end: right.end });
  if (operands.length <= MAX_CHAIN_LENGTH) return operands.reduce(join);
  const balanced = (from: number, to: number): Expression => {
    if (to - from === 1) return operands[from];
    const middle = (from + to) >> 1;
    return join(balanced(from, middle), balanced(middle, to));
  };
  return balanced(0, operands.length);
}
