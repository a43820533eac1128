import type { CompareOperator } from "../../../plan/plan.ts";
import type { Value } from "../../../values/value.ts";
import { valueAt } from "../../../vectors/gather.ts";
import { compareTexts, compareValues } from "../../../values/compare.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { asReal, compareNumbers, compareWithNumber } from "./compare_numbers.ts";
import { type State, type Truth, truthOfValue, UNKNOWN } from "../state.ts";
import { testWords } from "../words.ts";

/** What `a op b` is with the sides changed. */
export const TURNED: Readonly<Record<CompareOperator, CompareOperator>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "=": "=",
  "<>": "<>",
  "is": "is",
  "is not": "is not",
};

/** Makes what compares the values of two vectors, whose affinities have been applied. */
export function comparison(op: CompareOperator): (left: Vector, right: Vector, count: number) => Truth {
  const withLeft = constantComparison(TURNED[op]);
  const withRight = constantComparison(op);
  return (left, right, count) => {
    if (right.kind === "constant") return withRight(left, right.value, count);
    if (left.kind === "constant") return withLeft(right, left.value, count);
    if (left.kind === "number" && right.kind === "number") return compareNumbers(op, left.data, right.data, count);
    if (left.kind === "text" && right.kind === "text") return compareTextVectors(op, left, right, count);
    const out = new Uint8Array(count);
    for (let row = 0; row < count; row++) out[row] = compareTwo(op, valueAt(left, row), valueAt(right, row));
    return out;
  };
}

function constantComparison(op: CompareOperator): (vector: Vector, than: Value, count: number) => Truth {
  let words: ReturnType<typeof testWords> | undefined;
  let before: Value = null;
  return (vector, than, count) => {
    if (vector.kind === "constant") return compareTwo(op, vector.value, than);
    if (than === null && op !== "is" && op !== "is not") return UNKNOWN;
    if (vector.kind === "number" && (typeof than === "number" || typeof than === "bigint")) {
      if (typeof than === "number") return compareWithNumber(op, vector.data, than, count);
      const real = asReal(op, than);
      return compareWithNumber(real.op, vector.data, real.than, count);
    }
    if (vector.kind === "text") {
      if (words === undefined || !Object.is(before, than)) {
        before = than;
        words = testWords((text) => compareTwo(op, text, than));
      }
      return words(vector, count);
    }
    const out = new Uint8Array(count);
    if (vector.kind === "number") {
      // Every number stands in the same place beside what is not one.
      const number = compareTwo(op, 0n, than);
      const none = compareTwo(op, null, than);
      const { data } = vector;
      for (let row = 0; row < count; row++) out[row] = number + (none - number) * +(data[row] !== data[row]);
      return out;
    }
    for (let row = 0; row < count; row++) out[row] = compareTwo(op, vector.values[row], than);
    return out;
  };
}

type TextVector = Vector & { readonly kind: "text" };

function compareTextVectors(op: CompareOperator, left: TextVector, right: TextVector, count: number): Truth {
  const out = new Uint8Array(count);
  const isOne = left.words === right.words;
  const equal = compareTwo(op, "", "");
  for (let row = 0; row < count; row++) {
    const a = left.codes[row];
    const b = right.codes[row];
    if (a < 0 || b < 0) out[row] = compareTwo(op, a < 0 ? null : "", b < 0 ? null : "");
    else if (isOne && a === b) out[row] = equal;
    else out[row] = truthOfValue(holds(op, compareTexts(left.words[a], right.words[b])));
  }
  return out;
}

/** Compares two values. */
export function compareTwo(op: CompareOperator, left: Value, right: Value): State {
  if (op !== "is" && op !== "is not" && (left === null || right === null)) return UNKNOWN;
  return truthOfValue(holds(op, compareValues(left, right)));
}

/** Whether an operator holds for what comparing gave. */
function holds(op: CompareOperator, comparison: number): boolean {
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
