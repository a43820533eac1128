import type { Value } from "./value.ts";
import { toInteger, toNumeric, toReal, toText } from "./convert.ts";
import { MAX_INTEGER, MIN_INTEGER } from "./number_text.ts";

/** The operators that SQLite's JSON functions compute are not among them. */
export type ValueOperator = "+" | "-" | "*" | "/" | "%" | "||" | "&" | "|" | "<<" | ">>";

/** Computes one operator. */
export function arithmetic(op: ValueOperator, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  switch (op) {
    case "||":
      return toText(left) + toText(right);
    case "&":
      return toInteger(left) & toInteger(right);
    case "|":
      return toInteger(left) | toInteger(right);
    case "<<":
      return shift(toInteger(left), toInteger(right));
    case ">>":
      return shift(toInteger(left), -toInteger(right));
  }
  const a = toNumeric(left);
  const b = toNumeric(right);
  if (op === "%") {
    // Of a text such as '1e3' the whole number that it begins with.
    const rest = remainder(toInteger(left), toInteger(right));
    return rest === null || (typeof a === "bigint" && typeof b === "bigint") ? rest : Number(rest);
  }
  if (typeof a === "bigint" && typeof b === "bigint") {
    if (op === "/" && b === 0n) return null;
    const exact = op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : a / b;
    if (exact >= MIN_INTEGER && exact <= MAX_INTEGER) return exact;
  }
  const x = toReal(left);
  const y = toReal(right);
  switch (op) {
    case "+":
      return real(x + y);
    case "-":
      return real(x - y);
    case "*":
      return real(x * y);
    case "/":
      return y === 0 ? null : real(x / y);
  }
}

/** NaN is NULL. */
export function real(x: number): Value {
  return Number.isNaN(x) ? null : x;
}

function remainder(number: bigint, divisor: bigint): bigint | null {
  return divisor === 0n ? null : number % divisor;
}

/** To the left; to the right by a negative distance. Bits beyond 64 are lost, the sign is kept to the right. */
function shift(value: bigint, distance: bigint): bigint {
  if (distance >= 64n) return 0n;
  if (distance <= -64n) return value < 0n ? -1n : 0n;
  return distance >= 0n ? BigInt.asIntN(64, value << distance) : value >> -distance;
}

/** `-value`: what is 0 less the value. */
export function negate(value: Value): Value {
  return arithmetic("-", 0n, value);
}

/** `~value` */
export function bitNot(value: Value): Value {
  return value === null ? null : ~toInteger(value);
}
