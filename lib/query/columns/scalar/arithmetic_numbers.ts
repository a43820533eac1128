import type { NumberType, Vector } from "../vector.ts";
import { columnOf, type Numbers } from "./numbers.ts";

/** The operators that are computed with numbers. */
export type NumberOperator = "+" | "-" | "*" | "/";

const MOST = Number.MAX_SAFE_INTEGER;

/**
 * Computes numbers with numbers; undefined where the answers do not fit into a vector of numbers: INTEGERs beyond 2^53, or
 * whole REALs among INTEGERs.
 */
export function computeNumbers(op: NumberOperator, left: Numbers, right: Numbers, count: number): Vector | undefined {
  const type: NumberType = left.type === "real" || right.type === "real"
    ? "real"
    : left.type === "integer" && right.type === "integer"
    ? "integer"
    : "numeric";
  if (type === "numeric") return computeMixed(op, left, right, count);
  const data = op === "/" && type === "integer"
    ? divideIntegers(left, right, count)
    : computeReals(op, left, right, count);
  return type === "integer" && !fits(data, count) ? undefined : { kind: "number", type, data };
}

/** Whether all are INTEGERs that a number holds; of -0, which a product may be, it makes 0. */
function fits(data: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) {
    const x = data[row];
    if (x > MOST || x < -MOST) return false;
    data[row] = x + 0;
  }
  return true;
}

function computeReals(op: NumberOperator, left: Numbers, right: Numbers, count: number): Float64Array {
  const out = new Float64Array(count);
  const a = left.data;
  const b = right.data;
  if (a === undefined) {
    const x = left.one;
    const b = columnOf(right, count);
    switch (op) {
      case "+":
        for (let row = 0; row < count; row++) out[row] = x + b[row];
        break;
      case "-":
        for (let row = 0; row < count; row++) out[row] = x - b[row];
        break;
      case "*":
        for (let row = 0; row < count; row++) out[row] = x * b[row];
        break;
      case "/":
        for (let row = 0; row < count; row++) out[row] = b[row] === 0 ? NaN : x / b[row];
    }
  } else if (b === undefined) {
    const y = right.one;
    switch (op) {
      case "+":
        for (let row = 0; row < count; row++) out[row] = a[row] + y;
        break;
      case "-":
        for (let row = 0; row < count; row++) out[row] = a[row] - y;
        break;
      case "*":
        for (let row = 0; row < count; row++) out[row] = a[row] * y;
        break;
      case "/":
        if (y === 0) out.fill(NaN);
        else for (let row = 0; row < count; row++) out[row] = a[row] / y;
    }
  } else {
    switch (op) {
      case "+":
        for (let row = 0; row < count; row++) out[row] = a[row] + b[row];
        break;
      case "-":
        for (let row = 0; row < count; row++) out[row] = a[row] - b[row];
        break;
      case "*":
        for (let row = 0; row < count; row++) out[row] = a[row] * b[row];
        break;
      case "/":
        for (let row = 0; row < count; row++) out[row] = b[row] === 0 ? NaN : a[row] / b[row];
    }
  }
  return out;
}

function divideIntegers(left: Numbers, right: Numbers, count: number): Float64Array {
  const out = new Float64Array(count);
  const a = columnOf(left, count);
  if (right.data === undefined) {
    const y = right.one;
    if (y === 0) return out.fill(NaN);
    for (let row = 0; row < count; row++) out[row] = quotient(a[row], y);
  } else {
    const b = right.data;
    for (let row = 0; row < count; row++) out[row] = b[row] === 0 ? NaN : quotient(a[row], b[row]);
  }
  return out;
}

/** Beyond this the quotient of two whole numbers may be rounded up to a whole one. */
const MOST_DIVIDED = 2 ** 52;

function quotient(x: number, y: number): number {
  const exact = x > MOST_DIVIDED || x < -MOST_DIVIDED ? (x - x % y) / y : x / y;
  return Math.trunc(exact) + 0;
}

/** INTEGERs and REALs among each other. */
function computeMixed(op: NumberOperator, left: Numbers, right: Numbers, count: number): Vector | undefined {
  const a = columnOf(left, count);
  const b = columnOf(right, count);
  const data = computeReals(op, left, right, count);
  for (let row = 0; row < count; row++) {
    const x = a[row];
    const y = b[row];
    const result = data[row];
    if (result !== result) continue;
    const isWhole = isInteger(result);
    if (isInteger(x) && isInteger(y)) {
      if (op === "/") data[row] = quotient(x, y);
      else if (isWhole) data[row] = result + 0;
      else return undefined;
    } else if (isWhole) return undefined;
  }
  return { kind: "number", type: "numeric", data };
}

/** Whether a number of a `numeric` vector is an INTEGER. */
function isInteger(x: number): boolean {
  return Math.trunc(x) === x && x <= MOST && x >= -MOST;
}
