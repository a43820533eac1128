import { encodeSpecialNumber, specialNumber } from "../../format/json/special_values.ts";
import type { Value } from "./value.ts";

/** JSON in which integers beyond 2^53 are bigint. */
export type ExactJson = null | boolean | number | bigint | string | ExactJson[] | { [key: string]: ExactJson };

/**
 * A value of JSON as SQLite has it: numbers without a fraction are INTEGER, true is 1, NaN is NULL, and what holds more than
 * one value is its JSON text.
 */
export function valueOf(json: ExactJson | undefined): Value {
  switch (typeof json) {
    case "string":
      return json;
    case "number":
      return numberValue(json);
    case "bigint":
      return integerValue(json);
    case "boolean":
      return json ? 1n : 0n;
    case "undefined":
      return null;
  }
  if (json === null) return null;
  const special = specialNumber(json);
  return special === undefined ? jsonText(json) : realValue(special);
}

/** A number of JSON: INTEGER where it is whole and safe, else REAL. */
export function numberValue(number: number): Value {
  return Number.isSafeInteger(number) ? BigInt(number) : realValue(number);
}

/** A number that is REAL, or NULL for NaN. */
export function realValue(number: number): number | null {
  return Number.isNaN(number) ? null : number;
}

/** A number in a column of INTEGER, which keeps as REAL what no INTEGER holds; NaN and undefined are NULL. */
export function wholeValue(number: number | undefined): Value {
  if (number === undefined || Number.isNaN(number)) return null;
  if (Number.isSafeInteger(number)) return BigInt(number);
  return Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? BigInt(number) : number;
}

/** An integer of any size: beyond 64 bits SQLite has REAL. */
function integerValue(integer: bigint): Value {
  return BigInt.asIntN(64, integer) === integer ? integer : Number(integer);
}

/** The text of JSON; integers as they were written. */
export function jsonText(json: ExactJson): string {
  return JSON.stringify(json, hasBigInts(json) ? rawIntegers : undefined);
}

function rawIntegers(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? JSON_.rawJSON(String(value)) : value;
}

function hasBigInts(json: ExactJson): boolean {
  if (typeof json === "bigint") return true;
  if (typeof json !== "object" || json === null) return false;
  for (const key in json) if (hasBigInts((json as Record<string, ExactJson>)[key])) return true;
  return false;
}

/** Whether some number of a JSON value may have lost digits when it was parsed. */
export function mayBeInexact(json: ExactJson | undefined): boolean {
  if (typeof json === "number") return Number.isInteger(json) && !Number.isSafeInteger(json);
  if (typeof json !== "object" || json === null) return false;
  for (const key in json) if (mayBeInexact((json as Record<string, ExactJson>)[key])) return true;
  return false;
}

/** Parses JSON; integers beyond 2^53 are bigint, and other numbers beyond the range of a double infinities. */
export function parseExact(text: string): ExactJson {
  return JSON_.parse(text, (_key, value, { source }) => {
    if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
    if (/^-?\d+$/.test(source)) return BigInt(source);
    return Number.isFinite(value) ? value : encodeSpecialNumber(value);
  }) as ExactJson;
}

/** What TypeScript's library does not know yet. */
const JSON_ = JSON as unknown as {
  rawJSON(text: string): object;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

/**
 * The value that a path of keys leads to; undefined if there is none. A key that holds dots is met as it is written.
 */
export function getPath(json: ExactJson | undefined, path: readonly string[]): ExactJson | undefined {
  if (path.length === 0) return json;
  if (typeof json !== "object" || json === null) return undefined;
  for (let count = 1; count <= path.length; count++) {
    const key = count === 1 ? path[0] : path.slice(0, count).join(".");
    if (!Object.hasOwn(json, key)) continue;
    const found = getPath((json as Record<string, ExactJson>)[key], path.slice(count));
    if (found !== undefined) return found;
  }
  return undefined;
}
