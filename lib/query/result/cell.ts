import type { Json } from "../../base/json.ts";
import { specialNumber } from "../../format/specials.ts";

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

/** The value that a path of keys leads to; undefined where there is none. A key that holds dots is met as it is written. */
export function dig(json: Json | undefined, path: readonly string[]): Json | undefined {
  if (path.length === 0) return json;
  if (typeof json !== "object" || json === null) return undefined;
  for (let count = 1; count <= path.length; count++) {
    const key = path.slice(0, count).join(".");
    if (!Object.hasOwn(json, key)) continue;
    const found = dig((json as Record<string, Json>)[key], path.slice(count));
    if (found !== undefined) return found;
  }
  return undefined;
}
