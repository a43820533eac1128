import type { Affinity } from "../../bind/bound.ts";
import type { Value } from "../../values/value.ts";

const NUMBER = /^[ \t\n\v\f\r]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\v\f\r]*$/;
const WHOLE = /^[ \t\n\v\f\r]*[+-]?\d+[ \t\n\v\f\r]*$/;

/** A constant as a comparison with a column of an affinity sees it; undefined where that is better left to the executor. */
export function applyToConstant(to: Affinity, value: Value): Value | undefined {
  if (value === null || value instanceof Uint8Array || to === "none") return value;
  if (to === "text") {
    if (typeof value === "string") return value;
    return typeof value === "bigint" ? String(value) : undefined;
  }
  if (typeof value !== "string") return value;
  if (value.includes("\0") || !NUMBER.test(value)) return NUMBER.test(value.trim()) ? undefined : value;
  const number = Number(value);
  if (WHOLE.test(value) && Number.isSafeInteger(number)) return BigInt(number);
  // A REAL that is a small whole number becomes an INTEGER.
  if (Number.isSafeInteger(number)) return Object.is(number, -0) ? undefined : BigInt(number);
  return Number.isInteger(number) ? undefined : number;
}
