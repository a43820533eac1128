import type { Json } from "../base/json.ts";
import { specialNumber } from "../format/specials.ts";

/** What SQLite is given of a value. */
export type Cell = string | number | null;

/** A value of JSON as a cell: true is 1, NaN is NULL, what holds more than one value is its JSON. */
export function cellOf(json: Json | undefined): Cell {
  if (json === undefined || json === null) return null;
  if (typeof json === "string") return json;
  if (typeof json === "number") return json;
  if (typeof json === "boolean") return json ? 1 : 0;
  const special = specialNumber(json);
  return special === undefined ? JSON.stringify(json) : finiteOrInfinite(special);
}

/** NaN as NULL, which is all that SQLite has for it. */
export function finiteOrInfinite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The value that a path of keys leads to; undefined where there is none. */
export function dig(json: Json | undefined, path: readonly string[]): Json | undefined {
  let value = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, Json>)[key];
  }
  return value;
}
