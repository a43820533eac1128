import type { Vector } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import type { EventRows } from "./rows.ts";
import type { EventSource } from "./source.ts";
import { gather, slice, valueAt } from "../../vectors/gather.ts";
import { vectorOfValues } from "../../vectors/value_vector.ts";

/** A column for some rows, from the columns of their sources. */
export function gatherEvents(rows: EventRows, left: Int32Array, vectorOf: (source: EventSource) => Vector): Vector {
  const { first, sources } = rows;
  if (first !== undefined) {
    const vector = vectorOf(sources[0]);
    if (left.length === rows.count) return slice(vector, first, first + rows.count);
    return gather(vector, first === 0 ? left : left.map((row) => row + first));
  }
  const vectors: (Vector | undefined)[] = [];
  for (let at = 0, last = -1; at < left.length; at++) {
    const source = rows.source[left[at]];
    if (source !== last) vectors[last = source] ??= vectorOf(sources[source]);
  }
  const used = vectors.filter((vector) => vector !== undefined);
  const [only] = used;
  if (used.every((vector) => vector.kind === "constant" && only.kind === "constant" && vector.value === only.value)) {
    return only ?? { kind: "constant", value: null };
  }
  if (used.every(isNumbers)) return numbersOf(rows, left, vectors, used);
  if (used.every(isTexts)) return textsOf(rows, left, vectors);
  return {
    kind: "any",
    values: Array.from(left, (row) => valueAt(vectors[rows.source[row]]!, rows.row[row])),
  };
}

function isNumbers(vector: Vector): boolean {
  if (vector.kind === "number") return vector.type !== "real";
  return vector.kind === "constant" &&
    (vector.value === null || typeof vector.value === "bigint" && BigInt.asIntN(53, vector.value) === vector.value);
}

function isTexts(vector: Vector): boolean {
  return vector.kind === "text" ||
    vector.kind === "constant" && (vector.value === null || typeof vector.value === "string");
}

function numbersOf(
  rows: EventRows,
  left: Int32Array,
  vectors: readonly (Vector | undefined)[],
  used: readonly Vector[],
): Vector {
  const data = new Float64Array(left.length);
  let [last, constant] = [-1, NaN];
  let from: Float64Array | undefined;
  for (let at = 0; at < data.length; at++) {
    const row = left[at];
    const source = rows.source[row];
    if (source !== last) {
      const vector = vectors[last = source]!;
      from = vector.kind === "number" ? vector.data : undefined;
      constant = vector.kind === "constant" && vector.value !== null ? Number(vector.value) : NaN;
    }
    data[at] = from === undefined ? constant : from[rows.row[row]];
  }
  const type = used.some((vector) => vector.kind === "number" && vector.type === "numeric") ? "numeric" : "integer";
  return { kind: "number", type, data };
}

function textsOf(rows: EventRows, left: Int32Array, vectors: readonly (Vector | undefined)[]): Vector {
  const words: string[] = [];
  const known = new Map<string, number>();
  const codeOf = (word: string) => {
    let code = known.get(word);
    if (code === undefined) known.set(word, code = words.push(word) - 1);
    return code;
  };
  const codes = new Int32Array(left.length);
  /** By source, the codes here of its words; -2: not looked up yet. */
  const maps: Int32Array[] = [];
  const constants: number[] = [];
  for (let at = 0; at < codes.length; at++) {
    const row = left[at];
    const source = rows.source[row];
    const vector = vectors[source]!;
    if (vector.kind !== "text") {
      const { value } = vector as { value: Value };
      codes[at] = constants[source] ??= value === null ? -1 : codeOf(value as string);
      continue;
    }
    const own = vector.codes[rows.row[row]];
    if (own < 0) {
      codes[at] = -1;
      continue;
    }
    const map = maps[source] ??= new Int32Array(vector.words.length).fill(-2);
    if (map[own] === -2) map[own] = codeOf(vector.words[own]);
    codes[at] = map[own];
  }
  return { kind: "text", codes, words };
}

/** A vector in which some rows have other values. */
export function patched(vector: Vector, count: number, at: readonly number[], values: readonly Value[]): Vector {
  if (at.length === 0) return vector;
  if (at.length === count) return vectorOfValues(values);
  const isText = vector.kind === "text" || vector.kind === "constant" && vector.value === null;
  if (isText && values.every((value) => value === null || typeof value === "string")) {
    const own = vector.kind === "text" ? vector : { codes: new Int32Array(count).fill(-1), words: [] };
    const [codes, words] = [own.codes.slice(0, count), own.words.slice()];
    at.forEach((row, i) => {
      const value = values[i];
      codes[row] = value === null ? -1 : words.push(value as string) - 1;
    });
    return { kind: "text", codes, words };
  }
  const all = Array.from({ length: count }, (_, row) => valueAt(vector, row));
  at.forEach((row, i) => all[row] = values[i]);
  return vectorOfValues(all);
}
