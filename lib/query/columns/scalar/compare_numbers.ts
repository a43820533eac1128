import type { CompareOperator } from "../../plan/scalar.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "./truth.ts";

/** Compares numbers, of which NaN is NULL, with one that is not NULL. */
export function compareWithNumber(op: CompareOperator, data: Float64Array, than: number, count: number): Truth {
  const out = new Uint8Array(count);
  switch (op) {
    case "<":
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = x < than ? TRUE : x === x ? FALSE : UNKNOWN;
      }
      break;
    case "<=":
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = x <= than ? TRUE : x === x ? FALSE : UNKNOWN;
      }
      break;
    case ">":
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = x > than ? TRUE : x === x ? FALSE : UNKNOWN;
      }
      break;
    case ">=":
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = x >= than ? TRUE : x === x ? FALSE : UNKNOWN;
      }
      break;
    case "=":
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = x === than ? TRUE : x === x ? FALSE : UNKNOWN;
      }
      break;
    case "<>":
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = x === than ? FALSE : x === x ? TRUE : UNKNOWN;
      }
      break;
    case "is":
      for (let row = 0; row < count; row++) out[row] = data[row] === than ? TRUE : FALSE;
      break;
    case "is not":
      for (let row = 0; row < count; row++) out[row] = data[row] === than ? FALSE : TRUE;
      break;
  }
  return out;
}

/** Compares numbers with numbers. */
export function compareNumbers(op: CompareOperator, a: Float64Array, b: Float64Array, count: number): Truth {
  const out = new Uint8Array(count);
  switch (op) {
    case "<":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = x < y ? TRUE : x >= y ? FALSE : UNKNOWN;
      }
      break;
    case "<=":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = x <= y ? TRUE : x > y ? FALSE : UNKNOWN;
      }
      break;
    case ">":
      return compareNumbers("<", b, a, count);
    case ">=":
      return compareNumbers("<=", b, a, count);
    case "=":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = x === y ? TRUE : x === x && y === y ? FALSE : UNKNOWN;
      }
      break;
    case "<>":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = x === y ? FALSE : x === x && y === y ? TRUE : UNKNOWN;
      }
      break;
    case "is":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = x === y || (x !== x && y !== y) ? TRUE : FALSE;
      }
      break;
    case "is not":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = x === y || (x !== x && y !== y) ? FALSE : TRUE;
      }
      break;
  }
  return out;
}

/** The comparison with a REAL that says the same of REALs as one with an INTEGER, which may be beyond 2^53. */
export function asReal(op: CompareOperator, than: bigint): { readonly op: CompareOperator; readonly than: number } {
  const near = Number(than);
  if (BigInt(near) === than) return { op, than: near };
  switch (op) {
    case "<":
    case "<=":
      return { op: near > than ? "<" : "<=", than: near };
    case ">":
    case ">=":
      return { op: near > than ? ">=" : ">", than: near };
  }
  // No REAL is equal to it.
  return { op, than: NaN };
}
