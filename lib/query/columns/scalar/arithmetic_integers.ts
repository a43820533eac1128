import type { Vector } from "../vector.ts";
import { columnOf, type Numbers } from "./numbers.ts";

/** `%` of INTEGERs. */
export function remainderOfIntegers(left: Numbers, right: Numbers, count: number): Vector {
  const data = new Float64Array(count);
  const a = columnOf(left, count);
  const b = columnOf(right, count);
  for (let row = 0; row < count; row++) {
    const x = a[row];
    const y = b[row];
    // Of numbers of 32 bits it is much faster.
    const m = x | 0;
    const n = y | 0;
    if (m === x && n === y && n !== 0) data[row] = (m % n) + 0;
    else data[row] = y === 0 ? NaN : x % y + 0;
  }
  return { kind: "number", type: "integer", data };
}

/** `&` and `|` of INTEGERs; undefined where one has more than 32 bits. */
export function bitsOfIntegers(op: "&" | "|", left: Numbers, right: Numbers, count: number): Vector | undefined {
  const data = new Float64Array(count);
  const a = columnOf(left, count);
  const b = columnOf(right, count);
  for (let row = 0; row < count; row++) {
    const x = a[row];
    const y = b[row];
    const m = x | 0;
    const n = y | 0;
    if (m === x && n === y) data[row] = op === "&" ? m & n : m | n;
    else if (x !== x || y !== y) data[row] = NaN;
    else return undefined;
  }
  return { kind: "number", type: "integer", data };
}
