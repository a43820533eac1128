import type { CompareOperator } from "../../../plan/plan.ts";
import type { Truth } from "../state.ts";

// The loops have no branches, which would cost more than all the rest where they are not foreseen: a comparison is 0 or 1, three
// times that is FALSE or TRUE, and UNKNOWN, which is 1, is added where a number is NaN.

/** Compares numbers, of which NaN is NULL, with one that is not NULL. */
export function compareWithNumber(op: CompareOperator, data: Float64Array, than: number, count: number): Truth {
  const out = new Uint8Array(count);
  switch (op) {
    case "<":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] < than) + +(data[row] !== data[row]);
      break;
    case "<=":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] <= than) + +(data[row] !== data[row]);
      break;
    case ">":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] > than) + +(data[row] !== data[row]);
      break;
    case ">=":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] >= than) + +(data[row] !== data[row]);
      break;
    case "=":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] === than) + +(data[row] !== data[row]);
      break;
    case "<>":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] !== than) - 2 * +(data[row] !== data[row]);
      break;
    case "is":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] === than);
      break;
    case "is not":
      for (let row = 0; row < count; row++) out[row] = 3 * +(data[row] !== than);
      break;
  }
  return out;
}

/** Compares numbers with numbers. */
export function compareNumbers(op: CompareOperator, a: Float64Array, b: Float64Array, count: number): Truth {
  const out = new Uint8Array(count);
  switch (op) {
    case "<":
      // Neither less nor not less: one is NaN.
      for (let row = 0; row < count; row++) out[row] = 1 + 2 * +(a[row] < b[row]) - +(a[row] >= b[row]);
      break;
    case "<=":
      for (let row = 0; row < count; row++) out[row] = 1 + 2 * +(a[row] <= b[row]) - +(a[row] > b[row]);
      break;
    case ">":
      return compareNumbers("<", b, a, count);
    case ">=":
      return compareNumbers("<=", b, a, count);
    case "=":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = 1 + 2 * +(x === y) - +(x < y) - +(x > y);
      }
      break;
    case "<>":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = 1 - +(x === y) + 2 * +(x < y) + 2 * +(x > y);
      }
      break;
    case "is":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = 3 * (+(x === y) | (+(x !== x) & +(y !== y)));
      }
      break;
    case "is not":
      for (let row = 0; row < count; row++) {
        const x = a[row], y = b[row];
        out[row] = 3 - 3 * (+(x === y) | (+(x !== x) & +(y !== y)));
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
