import type { Value } from "../../../values/value.ts";
import { valueAt } from "../../../vectors/gather.ts";
import { vectorOfValues } from "../../../vectors/value_vector.ts";
import type { NumberType, Vector } from "../../../vectors/vector.ts";

/** Some rows of a batch, and what they have: the first row that is named has the vector's first value. */
export interface Part {
  /** Undefined: every row. */
  readonly rows: Int32Array | undefined;
  readonly vector: Vector;
  /** Whether `vector` has the rows of the whole batch. */
  readonly isWhole: boolean;
}

/** Puts the parts of a vector together. Every row is in one of them. */
export function mergeParts(parts: readonly Part[], count: number): Vector {
  const used = parts.filter(({ rows }) => rows === undefined || rows.length > 0);
  if (used.length === 1) return used[0].vector;
  const numbers = mergeNumbers(used, count);
  if (numbers !== undefined) return numbers;
  const texts = mergeTexts(used, count);
  if (texts !== undefined) return texts;
  const values: Value[] = new Array(count);
  for (const { rows, vector, isWhole } of used) {
    const length = rows?.length ?? count;
    for (let at = 0; at < length; at++) {
      const row = rows === undefined ? at : rows[at];
      values[row] = valueAt(vector, isWhole ? row : at);
    }
  }
  return vectorOfValues(values);
}

/** What is a number or NULL in all parts, if the types can stand beside each other. */
function mergeNumbers(parts: readonly Part[], count: number): Vector | undefined {
  const types = new Set<NumberType>();
  for (const { vector } of parts) {
    if (vector.kind === "number") types.add(vector.type);
    else if (vector.kind !== "constant") return undefined;
    else if (typeof vector.value === "number") types.add("real");
    else if (typeof vector.value === "bigint" && isSafe(vector.value)) types.add("integer");
    else if (vector.value !== null) return undefined;
  }
  if (types.size === 0) return { kind: "constant", value: null };
  const isMixed = types.size > 1;
  const type: NumberType = isMixed ? "numeric" : [...types][0];
  const data = new Float64Array(count);
  for (const { rows, vector, isWhole } of parts) {
    const isReal = vector.kind === "number"
      ? vector.type === "real"
      : typeof (vector as { value: Value }).value === "number";
    const from = vector.kind === "number" ? vector.data : undefined;
    const one = vector.kind === "constant" && vector.value !== null ? Number(vector.value) : NaN;
    const length = rows?.length ?? count;
    if (isMixed && isReal && hasWhole(rows, from, one, isWhole, length)) return undefined;
    if (rows === undefined) {
      if (from === undefined) data.fill(one);
      else data.set(from.subarray(0, count));
    } else if (from === undefined) {
      for (let at = 0; at < length; at++) data[rows[at]] = one;
    } else if (isWhole) {
      for (let at = 0; at < length; at++) data[rows[at]] = from[rows[at]];
    } else {
      for (let at = 0; at < length; at++) data[rows[at]] = from[at];
    }
  }
  return { kind: "number", type, data };
}

/** Whether there is a REAL that would become an INTEGER among others. */
function hasWhole(
  rows: Int32Array | undefined,
  from: Float64Array | undefined,
  one: number,
  isWhole: boolean,
  length: number,
): boolean {
  if (from === undefined) return Number.isSafeInteger(one);
  for (let at = 0; at < length; at++) {
    if (Number.isSafeInteger(from[isWhole && rows !== undefined ? rows[at] : at])) return true;
  }
  return false;
}

function isSafe(value: bigint): boolean {
  return Number.isSafeInteger(Number(value));
}

/** What is a text or NULL in all parts. */
function mergeTexts(parts: readonly Part[], count: number): Vector | undefined {
  if (!parts.every(({ vector }) => vector.kind === "text" || (vector.kind === "constant" && isText(vector.value)))) {
    return undefined;
  }
  const words: string[] = [];
  const codes = new Int32Array(count);
  const starts = new Map<readonly string[], number>();
  for (const { rows, vector, isWhole } of parts) {
    const length = rows?.length ?? count;
    if (vector.kind === "constant") {
      const code = vector.value === null ? -1 : words.push(vector.value as string) - 1;
      for (let at = 0; at < length; at++) codes[rows === undefined ? at : rows[at]] = code;
    } else if (vector.kind === "text" && vector.words.length > 2 * length) {
      const moved = new Map<number, number>();
      for (let at = 0; at < length; at++) {
        const row = rows === undefined ? at : rows[at];
        const code = vector.codes[isWhole ? row : at];
        let to = code < 0 ? -1 : moved.get(code);
        if (to === undefined) moved.set(code, to = words.push(vector.words[code]) - 1);
        codes[row] = to;
      }
    } else if (vector.kind === "text") {
      let start = starts.get(vector.words);
      if (start === undefined) {
        start = words.length;
        for (const word of vector.words) words.push(word);
        starts.set(vector.words, start);
      }
      for (let at = 0; at < length; at++) {
        const row = rows === undefined ? at : rows[at];
        const code = vector.codes[isWhole ? row : at];
        codes[row] = code < 0 ? -1 : code + start;
      }
    }
  }
  return { kind: "text", codes, words };
}

function isText(value: Value): boolean {
  return value === null || typeof value === "string";
}
