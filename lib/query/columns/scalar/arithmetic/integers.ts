import type { Vector } from "../../../vectors/vector.ts";
import { typeOfAll } from "./numbers.ts";
import { columnOf, type Numbers } from "../numbers.ts";

/** Up to here the quotient of two whole numbers, cut, is exact, and so is what is left. */
const MAX_EXACT_DIVIDEND = 2 ** 52;
/** From here on a REAL is beyond the INTEGERs. */
const BEYOND = 2 ** 63;

/**
 * `%`: of the whole parts of numbers, and REAL where one of them is; undefined where INTEGERs and REALs are mixed, and beyond
 * 64 bits.
 */
export function remainders(left: Numbers, right: Numbers, count: number): Vector | undefined {
  const a = typeOfAll(left, count);
  const b = typeOfAll(right, count);
  if (a === "numeric" || b === "numeric") return undefined;
  const type = a === "integer" && b === "integer" ? "integer" : "real";
  const data = new Float64Array(count);
  const most = right.data === undefined
    ? remaindersByOne(columnOf(left, count), Math.trunc(right.one), count, data)
    : remaindersByMany(columnOf(left, count), right.data, count, data);
  if (most === undefined) return undefined;
  return { kind: "number", type, data };
}

/** Gives the data, or undefined if a number is beyond 64 bits. */
function remaindersByOne(
  a: Float64Array,
  divisor: number,
  count: number,
  data: Float64Array,
): Float64Array | undefined {
  if (divisor === 0) return data.fill(NaN);
  if (Math.abs(divisor) >= BEYOND) return undefined;
  let most = +(Math.abs(divisor) > MAX_EXACT_DIVIDEND);
  for (let row = 0; row < count; row++) {
    const x = Math.trunc(a[row]);
    data[row] = x - Math.trunc(x / divisor) * divisor;
    most |= +(Math.abs(x) > MAX_EXACT_DIVIDEND);
  }
  if (most === 0) return data;
  for (let row = 0; row < count; row++) {
    const x = Math.trunc(a[row]);
    if (Math.abs(x) >= BEYOND) return undefined;
    data[row] = x % divisor + 0;
  }
  return data;
}

function remaindersByMany(
  a: Float64Array,
  b: Float64Array,
  count: number,
  data: Float64Array,
): Float64Array | undefined {
  for (let row = 0; row < count; row++) {
    const x = Math.trunc(a[row]);
    const y = Math.trunc(b[row]);
    if (Math.abs(x) >= BEYOND || Math.abs(y) >= BEYOND) return undefined;
    const isSmall = Math.abs(x) <= MAX_EXACT_DIVIDEND && Math.abs(y) <= MAX_EXACT_DIVIDEND && y !== 0;
    data[row] = isSmall ? x - Math.trunc(x / y) * y : y === 0 ? NaN : x % y + 0;
  }
  return data;
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
