import { isObject, type Json, setOwn } from "../base/json.ts";
import { quoteNonstandardNumbers } from "../format/json/nonstandard_numbers.ts";
import { encodeSpecialNumber, SPECIAL_KEY } from "../format/json/special_values.ts";
import type { ForeignData, ForeignValue } from "./foreign.ts";

/** What the types of the library lack. */
interface RawJson {
  rawJSON(text: string): object;
}

/** A number that is written as this text: `1.0` stays a fraction, a long integer keeps its digits. */
export function rawNumber(text: string): ForeignValue {
  return (JSON as unknown as RawJson).rawJSON(text);
}

/** A number of a kind that has fractions: 1 is written as `1.0`, NaN and infinities as the format writes them. */
export function float(value: number): ForeignValue {
  if (!Number.isFinite(value)) return encodeSpecialNumber(value);
  return Number.isInteger(value) ? rawNumber(floatText(value)) : value;
}

/** The same as JSON text. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return JSON.stringify(encodeSpecialNumber(value));
  if (!Number.isInteger(value)) return String(value);
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return text.includes("e") ? text : text + ".0";
}

/** An integer; one that readers could not hold is a text, as the format says. */
export function integer(value: number | bigint): ForeignValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/**
 * The value of JSON as Python writes it: bare NaN and Infinity are numbers, `1.0` stays a fraction, and integers beyond 2^53
 * become texts.
 *
 * @throws {SyntaxError} For what is not JSON.
 */
export function parseForeignJson(text: string): ForeignValue {
  const json = quoteNonstandardNumbers(text) ?? text;
  if (!/\d[.eE]|\d{16}/.test(json)) return JSON.parse(json) as Json;
  const revive = (_key: string, value: unknown, context: { source?: string }): unknown => {
    if (typeof value !== "number") return value;
    const source = context.source ?? String(value);
    return /[.eE]/.test(source) ? float(value) : integer(BigInt(source));
  };
  return JSON.parse(json, revive as (this: unknown, key: string, value: unknown) => unknown) as ForeignValue;
}

/** The object of JSON, or undefined where it is another value or not JSON. */
export function parseForeignObject(text: string): ForeignData | undefined {
  try {
    const value = parseForeignJson(text);
    return isObject(value) ? value as ForeignData : undefined;
  } catch {
    return undefined;
  }
}

/** Sets a value at a way of keys, making objects on the way. */
export function setNested(target: Record<string, ForeignValue>, keys: readonly string[], value: ForeignValue): void {
  let at = target;
  for (const key of keys.slice(0, -1)) {
    if (!Object.hasOwn(at, key) || !isObject(at[key])) setOwn(at, key, {});
    at = at[key] as Record<string, ForeignValue>;
  }
  setOwn(at, keys[keys.length - 1], value);
}

/** Data whose numbers are not to become series, such as settings: they stand in an object that says what it is. */
export function described(kind: string, data: ForeignData): ForeignValue {
  return { [SPECIAL_KEY]: kind, ...data };
}
