import type { SortKey } from "../../../plan/plan.ts";
import { compareTexts, compareValues } from "../../../values/compare.ts";
import type { Vector } from "../../vector.ts";

/** Numbers in the order that SQLite gives the values of a vector: equal ones for equal values, NaN for NULL. */
export function orderKeys(vector: Vector, count: number): Float64Array {
  switch (vector.kind) {
    case "number":
      return vector.data.subarray(0, count);
    case "constant":
      return new Float64Array(count).fill(vector.value === null ? NaN : 0);
    case "text":
      return keysOfTexts(vector.codes, vector.words, count);
    case "any": {
      const { values } = vector;
      const rows = rowsWhere(count, (row) => values[row] !== null);
      return ranks(rows, count, (a, b) => compareValues(values[a], values[b]));
    }
  }
}

/** Numbers to sort by, without NaN: the least comes first. */
export function sortKeys(vector: Vector, count: number, by: Omit<SortKey, "scalar">): Float64Array {
  let keys = orderKeys(vector, count);
  const isMissing = keys.includes(NaN);
  if (!isMissing && !by.descending) return keys;
  const missing = by.nullsFirst ? -Infinity : Infinity;
  // NULL would be taken for what is infinite.
  if (isMissing && keys.includes(by.descending ? -missing : missing)) keys = denseKeys(keys);
  const sign = by.descending ? -1 : 1;
  const signed = new Float64Array(count);
  for (let row = 0; row < count; row++) signed[row] = keys[row] === keys[row] ? keys[row] * sign : missing;
  return signed;
}

function keysOfTexts(codes: Int32Array, words: readonly string[], count: number): Float64Array {
  const isUsed = new Uint8Array(words.length);
  for (let row = 0; row < count; row++) if (codes[row] >= 0) isUsed[codes[row]] = 1;
  const used = rowsWhere(words.length, (word) => isUsed[word] === 1);
  const rankOf = ranks(used, words.length, (a, b) => compareTexts(words[a], words[b]));
  const keys = new Float64Array(count);
  for (let row = 0; row < count; row++) keys[row] = codes[row] < 0 ? NaN : rankOf[codes[row]];
  return keys;
}

function denseKeys(keys: Float64Array): Float64Array {
  const rows = rowsWhere(keys.length, (row) => keys[row] === keys[row]);
  return ranks(rows, keys.length, (a, b) => keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0);
}

function rowsWhere(count: number, isWanted: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (isWanted(row)) rows[found++] = row;
  return rows.subarray(0, found);
}

/** The places of some things in their order, equal ones at one place; NaN for the others. */
function ranks(things: Int32Array, count: number, compare: (a: number, b: number) => number): Float64Array {
  things.sort(compare);
  const keys = new Float64Array(count).fill(NaN);
  let rank = 0;
  for (let at = 0; at < things.length; at++) {
    if (at > 0 && compare(things[at - 1], things[at]) !== 0) rank++;
    keys[things[at]] = rank;
  }
  return keys;
}
