import type { Value } from "../../../values/value.ts";
import type { NumberType, Vector } from "../../../vectors/vector.ts";
import { computeReals, divideIntegers, type NumberOperator, quotient } from "./loops.ts";
import { columnOf, type Numbers } from "../numbers.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/**
 * Computes numbers with numbers; undefined where INTEGERs among the answers are beyond 2^53.
 *
 * @param scratch An array that nothing else needs any more: the answer may be written there.
 */
export function computeNumbers(
  op: NumberOperator,
  left: Numbers,
  right: Numbers,
  count: number,
  scratch?: Float64Array,
): Vector | undefined {
  let type = typeOfResult(left.type, right.type);
  // What can be INTEGER or REAL is mostly one of both in all rows of a batch.
  if (type === "numeric") type = typeOfResult(typeOfAll(left, count), typeOfAll(right, count));
  switch (type) {
    case "real": {
      const out = scratch !== undefined && scratch.length >= count ? scratch : new Float64Array(count);
      computeReals(op, left, right, count, out);
      return { kind: "number", type, data: out };
    }
    case "integer": {
      const data = new Float64Array(count);
      if (op === "/") divideIntegers(left, right, count, data);
      else {
        computeReals(op, left, right, count, data);
        if (!areExact(data, count, op === "*")) return undefined;
      }
      return { kind: "number", type, data };
    }
  }
  return computeMixed(op, left, right, count);
}

function typeOfResult(left: NumberType, right: NumberType): NumberType {
  if (left === "real" || right === "real") return "real";
  return left === "integer" && right === "integer" ? "integer" : "numeric";
}

/** What all numbers are. */
export function typeOfAll({ type, data }: Numbers, count: number): NumberType {
  if (type !== "numeric" || data === undefined) return type;
  let hasReal = false;
  let hasInteger = false;
  for (let row = 0; row < count; row++) {
    const x = data[row];
    if (isInteger(x)) hasInteger = true;
    else if (x === x) hasReal = true;
    if (hasReal && hasInteger) return "numeric";
  }
  return hasReal ? "real" : "integer";
}

/** Whether all are INTEGERs that a number holds. A product may be -0, which no INTEGER is. */
function areExact(data: Float64Array, count: number, isProduct: boolean): boolean {
  let beyond = 0;
  for (let row = 0; row < count; row++) beyond |= +(Math.abs(data[row]) > MAX_SAFE);
  if (isProduct) { for (let row = 0; row < count; row++) data[row] += 0; }
  return beyond === 0;
}

/** INTEGERs and REALs among each other. */
function computeMixed(op: NumberOperator, left: Numbers, right: Numbers, count: number): Vector | undefined {
  const a = columnOf(left, count);
  const b = columnOf(right, count);
  const data = new Float64Array(count);
  computeReals(op, left, right, count, data);
  let hasWholeReal = false;
  for (let row = 0; row < count; row++) {
    const isWhole = isInteger(data[row]);
    if (!isInteger(a[row]) || !isInteger(b[row])) hasWholeReal ||= isWhole;
    else if (op === "/") data[row] = b[row] === 0 ? NaN : quotient(a[row], b[row]);
    else if (!isWhole) return undefined;
  }
  if (!hasWholeReal) return { kind: "number", type: "numeric", data };
  const values: Value[] = new Array(count);
  for (let row = 0; row < count; row++) {
    const x = data[row];
    values[row] = x !== x ? null : isInteger(a[row]) && isInteger(b[row]) ? BigInt(x) : x;
  }
  return { kind: "any", values };
}

/** Whether a number of a `numeric` vector is an INTEGER. */
function isInteger(x: number): boolean {
  return Math.trunc(x) === x && x <= MAX_SAFE && x >= -MAX_SAFE;
}
