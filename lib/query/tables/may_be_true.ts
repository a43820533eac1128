import type { CompareOperator, Scalar } from "../plan/plan.ts";
import type { Value } from "../values/value.ts";

/** Between what numbers are, and whether some may be NULL. Without a number, `from` is above `to`. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
  readonly mayBeNull: boolean;
}

/** What a condition may come to, as bits. */
const [TRUE, FALSE, NULL] = [1, 2, 4];
const ANY = TRUE | FALSE | NULL;

const NOTHING: NumberRange = { from: Infinity, to: -Infinity, mayBeNull: true };

/**
 * Whether a condition may be true of some row, as far as is known of its columns.
 *
 * @param rangeOf The numbers of a column; undefined: they may be anything.
 */
export function mayBeTrue(condition: Scalar, rangeOf: (index: number) => NumberRange | undefined): boolean {
  return (outcomes(condition, rangeOf) & TRUE) !== 0;
}

function outcomes(condition: Scalar, rangeOf: (index: number) => NumberRange | undefined): number {
  switch (condition.kind) {
    case "and": {
      let [all, some] = [ANY, 0];
      for (const item of condition.items) {
        const own = outcomes(item, rangeOf);
        all &= own;
        some |= own;
      }
      return (all & TRUE) | (some & (FALSE | NULL));
    }
    case "or": {
      let [all, some] = [ANY, 0];
      for (const item of condition.items) {
        const own = outcomes(item, rangeOf);
        all &= own;
        some |= own;
      }
      return (all & FALSE) | (some & (TRUE | NULL));
    }
    case "not": {
      const own = outcomes(condition.operand, rangeOf);
      return (own & NULL) | ((own & TRUE) !== 0 ? FALSE : 0) | ((own & FALSE) !== 0 ? TRUE : 0);
    }
    case "compare": {
      const [left, right] = [numbers(condition.left, rangeOf), numbers(condition.right, rangeOf)];
      return left === undefined || right === undefined ? ANY : compared(condition.op, left, right);
    }
    default:
      return ANY;
  }
}

/** The numbers that a scalar comes to. */
function numbers(scalar: Scalar, rangeOf: (index: number) => NumberRange | undefined): NumberRange | undefined {
  switch (scalar.kind) {
    case "input":
      return rangeOf(scalar.index);
    case "constant":
      return constantRange(scalar.value);
    case "negate": {
      const own = numbers(scalar.operand, rangeOf);
      return own && { from: -own.to, to: -own.from, mayBeNull: own.mayBeNull };
    }
    case "call": {
      if (scalar.name !== "abs" || scalar.args.length !== 1) return undefined;
      const own = numbers(scalar.args[0], rangeOf);
      return own && absolute(own);
    }
    default:
      return undefined;
  }
}

function constantRange(value: Value): NumberRange | undefined {
  if (value === null) return NOTHING;
  if (typeof value === "bigint" && BigInt.asIntN(54, value) === value) value = Number(value);
  return typeof value === "number" ? { from: value, to: value, mayBeNull: false } : undefined;
}

function absolute({ from, to, mayBeNull }: NumberRange): NumberRange {
  if (from > to || from >= 0) return { from, to, mayBeNull };
  return to <= 0 ? { from: -to, to: -from, mayBeNull } : { from: 0, to: Math.max(-from, to), mayBeNull };
}

function compared(op: CompareOperator, a: NumberRange, b: NumberRange): number {
  const [hasA, hasB] = [a.from <= a.to, b.from <= b.to];
  const areNumbers = hasA && hasB;
  const isOne = areNumbers && a.from === a.to && b.from === b.to && a.from === b.from;
  const meet = areNumbers && a.from <= b.to && b.from <= a.to;
  if (op === "is" || op === "is not") {
    const areNull = a.mayBeNull && b.mayBeNull;
    const mayBeEqual = meet || areNull;
    const mayDiffer = areNumbers && !isOne || a.mayBeNull && hasB || b.mayBeNull && hasA;
    return op === "is" ? bits(mayBeEqual, mayDiffer) : bits(mayDiffer, mayBeEqual);
  }
  const missing = a.mayBeNull || b.mayBeNull ? NULL : 0;
  if (!areNumbers) return missing;
  switch (op) {
    case "=":
      return missing | bits(meet, !isOne);
    case "<>":
      return missing | bits(!isOne, meet);
    case "<":
      return missing | bits(a.from < b.to, a.to >= b.from);
    case "<=":
      return missing | bits(a.from <= b.to, a.to > b.from);
    case ">":
      return missing | bits(a.to > b.from, a.from <= b.to);
    case ">=":
      return missing | bits(a.to >= b.from, a.from < b.to);
  }
}

function bits(mayBeTrue: boolean, mayBeFalse: boolean): number {
  return (mayBeTrue ? TRUE : 0) | (mayBeFalse ? FALSE : 0);
}
