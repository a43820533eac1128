import type { SortKey } from "../../../plan/plan.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { ranksOf } from "../sort/ranks.ts";

/** Numbers in the order that SQLite gives the values of a vector: equal ones for equal values, NaN for NULL. */
export function orderKeys(vector: Vector, count: number): Float64Array {
  if (vector.kind === "constant") return new Float64Array(count).fill(vector.value === null ? NaN : 0);
  return ranksOf(vector, count)!.subarray(0, count);
}

/** Numbers to sort by, without NaN: the least comes first. */
export function sortKeys(vector: Vector, count: number, by: Omit<SortKey, "scalar">): Float64Array {
  let keys = orderKeys(vector, count);
  const isMissing = keys.includes(NaN);
  if (!isMissing && !by.descending) return keys;
  const missing = by.nullsFirst ? -Infinity : Infinity;
  // NULL would be taken for what is infinite.
  if (isMissing && keys.includes(by.descending ? -missing : missing)) keys = withoutInfinities(keys);
  const sign = by.descending ? -1 : 1;
  const signed = new Float64Array(count);
  for (let row = 0; row < count; row++) signed[row] = keys[row] === keys[row] ? keys[row] * sign : missing;
  return signed;
}

/** The places of numbers in their order, equal ones at one place. */
function withoutInfinities(keys: Float64Array): Float64Array {
  const sorted = keys.filter((key) => key === key).sort();
  const places = new Map<number, number>();
  for (const key of sorted) if (!places.has(key)) places.set(key, places.size);
  return keys.map((key) => places.get(key) ?? NaN);
}
