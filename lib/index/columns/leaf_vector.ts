import type { PackWords } from "../pack/pack_words.ts";
import { Code } from "../encoding/word_table.ts";

/**
 * A column of values as SQLite has them, one row per event. NaN and the code -1 are NULL. `integer`: all INTEGER. `numeric`: an
 * INTEGER where the number is whole and at most 2^53, a REAL elsewhere.
 */
export type LeafVector =
  | { readonly kind: "constant"; readonly value: null | bigint | number | string }
  | { readonly kind: "number"; readonly type: "integer" | "numeric"; readonly data: Float64Array }
  | { readonly kind: "text"; readonly codes: Int32Array; readonly words: readonly string[] }
  | { readonly kind: "any"; readonly values: readonly (null | bigint | number | string)[] };

export const NULLS: LeafVector = { kind: "constant", value: null };

/** One leaf of a group, spread over the rows of the group. */
export interface ReadLeaf {
  readonly vector: LeafVector;
  /** Which rows have it, where not all do. */
  readonly present: Uint8Array | undefined;
  /** Of these, 1 where only the line knows what it is. */
  readonly unknown: Uint8Array | undefined;
}

/** Numbers, of which those beyond 2^53 that are whole may have lost digits. */
export function numbersLeaf(values: Float64Array, rows: Float64Array | undefined, count: number): ReadLeaf {
  const isWhole = rows === undefined && values.length === count;
  let data = values;
  if (!isWhole) {
    data = new Float64Array(count).fill(NaN);
    for (let i = 0; i < values.length; i++) data[rows === undefined ? i : rows[i]] = values[i];
  }
  let unknown: Uint8Array | undefined;
  for (let row = 0; row < count; row++) {
    const value = data[row];
    if (!(value > MAX_SAFE || value < -MAX_SAFE) || !Number.isInteger(value)) continue;
    unknown ??= new Uint8Array(count);
    unknown[row] = 1;
  }
  const present = isWhole ? undefined : presentIn(rows, values.length, count);
  return { vector: { kind: "number", type: "numeric", data }, present, unknown };
}

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** Words. `codes`: a number where all are the same. */
export function wordsLeaf(
  words: PackWords,
  codes: number | Float64Array,
  rows: Float64Array | undefined,
  own: number,
  count: number,
): ReadLeaf {
  const isWhole = rows === undefined && own === count;
  const present = isWhole ? undefined : presentIn(rows, own, count);
  if (typeof codes === "number") {
    if (codes === Code.Line) {
      return { vector: NULLS, present, unknown: present?.slice() ?? new Uint8Array(count).fill(1) };
    }
    if (isWhole) return { vector: { kind: "constant", value: valueOf(words, codes) }, present, unknown: undefined };
    codes = new Float64Array(own).fill(codes);
  }
  const spread = new Int32Array(count).fill(-1);
  const local = new Map<number, number>();
  const used: string[] = [];
  let unknown: Uint8Array | undefined;
  let [hasWords, hasBooleans] = [false, false];
  for (let i = 0; i < own; i++) {
    const code = codes[i];
    const row = rows === undefined ? i : rows[i];
    if (code === Code.Null) continue;
    if (code === Code.Line) {
      unknown ??= new Uint8Array(count);
      unknown[row] = 1;
    } else if (code === Code.True || code === Code.False) {
      hasBooleans = true;
      spread[row] = -2 - (code === Code.True ? 1 : 0);
    } else {
      hasWords = true;
      let at = local.get(code);
      if (at === undefined) local.set(code, at = used.push(words.text(code)) - 1);
      spread[row] = at;
    }
  }
  return { vector: vectorOf(spread, used, hasWords, hasBooleans), present, unknown };
}

/** Words by their places, -1 for NULL, -2 for false, -3 for true. */
function vectorOf(codes: Int32Array, words: readonly string[], hasWords: boolean, hasBooleans: boolean): LeafVector {
  if (!hasBooleans) return hasWords ? { kind: "text", codes, words } : NULLS;
  if (!hasWords) {
    const data = Float64Array.from(codes, (code) => code === -1 ? NaN : -2 - code);
    return { kind: "number", type: "integer", data };
  }
  const value = (code: number) => code >= 0 ? words[code] : code === -1 ? null : BigInt(-2 - code);
  return { kind: "any", values: Array.from(codes, value) };
}

function valueOf(words: PackWords, code: number): null | bigint | string {
  switch (code) {
    case Code.Null:
      return null;
    case Code.False:
      return 0n;
    case Code.True:
      return 1n;
  }
  return words.text(code);
}

/** What several leaves come to: of each row the first that it has. `areApart`: no row has two of them. */
export function joinLeaves(leaves: readonly ReadLeaf[], count: number, areApart: boolean): LeafVector {
  const given = leaves.filter(({ vector }) => vector !== NULLS);
  if (given.length === 0) return NULLS;
  if (given.length === 1 && (areApart || leaves.length === 1)) return given[0].vector;
  const values: (null | bigint | number | string)[] = new Array(count).fill(null);
  const isTaken = new Uint8Array(count);
  for (const { vector, present } of leaves) {
    for (let row = 0; row < count; row++) {
      if (isTaken[row] === 1 || present?.[row] === 0) continue;
      isTaken[row] = 1;
      values[row] = valueAt(vector, row);
    }
  }
  return { kind: "any", values };
}

function valueAt(vector: LeafVector, row: number): null | bigint | number | string {
  switch (vector.kind) {
    case "constant":
      return vector.value;
    case "number": {
      const number = vector.data[row];
      if (number !== number) return null;
      return Number.isSafeInteger(number) ? BigInt(number) : number;
    }
    case "text":
      return vector.codes[row] < 0 ? null : vector.words[vector.codes[row]];
    case "any":
      return vector.values[row];
  }
}

function presentIn(rows: Float64Array | undefined, own: number, count: number): Uint8Array {
  const present = new Uint8Array(count);
  if (rows === undefined) present.fill(1, 0, own);
  else for (let i = 0; i < own; i++) present[rows[i]] = 1;
  return present;
}
