import type { Value } from "../../../values/value.ts";
import { compareTexts, compareValues } from "../../../values/compare.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { orderOfTexts } from "./texts.ts";

/** Numbers that are in the order of the values of a column; NaN is NULL. Undefined: all rows are equal. */
export function ranksOf(vector: Vector, count: number): Float64Array | undefined {
  switch (vector.kind) {
    case "constant":
      return undefined;
    case "number":
      return vector.data;
    case "text":
      return ranksOfTexts(vector.codes, vector.words, count);
    case "any":
      return ranksOfValues(vector.values, count);
  }
}

function ranksOfTexts(codes: Int32Array, words: readonly string[], count: number): Float64Array {
  return ranksInOrder(codes, words, count) ?? ranksBySorting(codes, words, count);
}

/** The ranks of texts that stand in their order, as ids mostly do; undefined where they do not. */
function ranksInOrder(codes: Int32Array, words: readonly string[], count: number): Float64Array | undefined {
  const ranks = new Float64Array(count);
  let rank = 0;
  let last = -1;
  for (let row = 0; row < count; row++) {
    const code = codes[row];
    if (code < 0) ranks[row] = NaN;
    else {
      if (code !== last && last >= 0) {
        const difference = compareTexts(words[last], words[code]);
        if (difference > 0) return undefined;
        if (difference < 0) rank++;
      }
      last = code;
      ranks[row] = rank;
    }
  }
  return ranks;
}

function ranksBySorting(codes: Int32Array, words: readonly string[], count: number): Float64Array {
  const isUsed = new Uint8Array(words.length);
  const used: number[] = [];
  for (let row = 0; row < count; row++) {
    const code = codes[row];
    if (code < 0 || isUsed[code] !== 0) continue;
    isUsed[code] = 1;
    used.push(code);
  }
  const texts = used.map((code) => words[code]);
  const rankOf = new Float64Array(words.length);
  let rank = 0;
  let last: string | undefined;
  for (const at of orderOfTexts(texts)) {
    if (last !== undefined && texts[at] !== last) rank++;
    last = texts[at];
    rankOf[used[at]] = rank;
  }
  const ranks = new Float64Array(count);
  for (let row = 0; row < count; row++) ranks[row] = codes[row] < 0 ? NaN : rankOf[codes[row]];
  return ranks;
}

function ranksOfValues(values: readonly Value[], count: number): Float64Array {
  const ranks = new Float64Array(count).fill(NaN);
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (values[row] !== null) rows.push(row);
  rows.sort((a, b) => compareValues(values[a], values[b]));
  let rank = 0;
  rows.forEach((row, at) => {
    if (at > 0 && compareValues(values[row], values[rows[at - 1]]) !== 0) rank++;
    ranks[row] = rank;
  });
  return ranks;
}
