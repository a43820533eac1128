import type { Vector } from "./vector.ts";
import type { Value } from "../values/value.ts";
import { wholeValue } from "../values/json_values.ts";

/** The narrowest vector that holds some values. */
export function vectorOfValues(values: readonly Value[]): Vector {
  const [first] = values;
  if (values.length > 0 && values.every((value) => Object.is(value, first))) return { kind: "constant", value: first };
  let hasTexts = false;
  let hasIntegers = false;
  let hasReals = false;
  let hasWholeReals = false;
  for (const value of values) {
    if (value === null) continue;
    if (typeof value === "string") hasTexts = true;
    else if (typeof value === "bigint") {
      if (BigInt.asIntN(53, value) !== value) return { kind: "any", values };
      hasIntegers = true;
    } else if (typeof value === "number") {
      hasReals = true;
      hasWholeReals ||= Number.isSafeInteger(value);
    } else return { kind: "any", values };
  }
  if (hasTexts) return hasIntegers || hasReals ? { kind: "any", values } : textVector(values as (string | null)[]);
  // A REAL that looks like an INTEGER would become one in a vector of both.
  if (hasIntegers && hasWholeReals) return { kind: "any", values };
  if (!hasIntegers && !hasReals) return { kind: "constant", value: null };
  const data = Float64Array.from(values, (value) => value === null ? NaN : Number(value));
  return { kind: "number", type: hasIntegers ? hasReals ? "numeric" : "integer" : "real", data };
}

/** Texts, each of which is kept once. */
export function textVector(texts: readonly (string | null)[]): Vector {
  const known = new Map<string, number>();
  const codes = new Int32Array(texts.length);
  for (let row = 0; row < codes.length; row++) {
    const text = texts[row];
    let code = -1;
    if (text !== null) {
      code = known.get(text) ?? -1;
      if (code < 0) known.set(text, code = known.size);
    }
    codes[row] = code;
  }
  return { kind: "text", codes, words: [...known.keys()] };
}

/** Texts that are all different, or nearly so. */
export function distinctTexts(words: readonly string[]): Vector {
  return { kind: "text", codes: ascendingInts(words.length), words };
}

/** 0, 1, 2, … */
export function ascendingInts(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
}

/** Whole numbers of a column of INTEGER, NaN is NULL. Those that a vector of integers cannot hold make it one of values. */
export function wholeVector(data: Float64Array, count: number): Vector {
  for (let row = 0; row < count; row++) {
    const number = data[row];
    if (number > MAX_SAFE || number < -MAX_SAFE) return { kind: "any", values: wholeValues(data, count) };
  }
  return { kind: "number", type: "integer", data };
}

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

function wholeValues(data: Float64Array, count: number): Value[] {
  return Array.from(data.subarray(0, count), wholeValue);
}
