import { columnOf, type Numbers } from "../numbers.ts";

/** The operators that are computed with numbers. */
export type NumberOperator = "+" | "-" | "*" | "/";

/** Computes REALs; also INTEGERs, but for `/`. By 0 is NULL. `out` may be one of the operands. */
export function computeReals(
  op: NumberOperator,
  left: Numbers,
  right: Numbers,
  count: number,
  out: Float64Array,
): void {
  if (left.data === undefined) fromOne(op, left.one, columnOf(right, count), count, out);
  else if (right.data === undefined) byOne(op, left.data, right.one, count, out);
  else byMany(op, left.data, right.data, count, out);
}

function fromOne(op: NumberOperator, x: number, b: Float64Array, count: number, out: Float64Array): void {
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
      break;
  }
}

function byOne(op: NumberOperator, a: Float64Array, y: number, count: number, out: Float64Array): void {
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
      break;
  }
}

function byMany(op: NumberOperator, a: Float64Array, b: Float64Array, count: number, out: Float64Array): void {
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
      break;
  }
}

/** Beyond this the quotient of two whole numbers may be rounded up to a whole one. */
const MAX_EXACT_DIVIDEND = 2 ** 52;

/** Of two INTEGERs, cut; never -0. */
export function quotient(x: number, y: number): number {
  const exact = Math.abs(x) > MAX_EXACT_DIVIDEND ? (x - x % y) / y : x / y;
  return Math.trunc(exact) + 0;
}

/** INTEGERs by INTEGERs. */
export function divideIntegers(left: Numbers, right: Numbers, count: number, out: Float64Array): void {
  const a = columnOf(left, count);
  if (right.data === undefined) {
    const y = right.one;
    if (y === 0) return void out.fill(NaN);
    let most = 0;
    for (let row = 0; row < count; row++) {
      const x = a[row];
      out[row] = Math.trunc(x / y) + 0;
      most |= +(Math.abs(x) > MAX_EXACT_DIVIDEND);
    }
    if (most !== 0) { for (let row = 0; row < count; row++) out[row] = quotient(a[row], y); }
  } else {
    const b = right.data;
    for (let row = 0; row < count; row++) out[row] = b[row] === 0 ? NaN : quotient(a[row], b[row]);
  }
}
