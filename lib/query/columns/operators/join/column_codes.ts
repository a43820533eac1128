import type { Value } from "../../../result/value.ts";
import type { Vector } from "../../vector.ts";
import { NumberCodes } from "./number_codes.ts";

/**
 * Codes of the values of one column, from 0: equal values have one code, whatever vectors they stand in. NULL has -1, as has
 * what the column does not hold.
 */
export interface ColumnCodes {
  /** The codes of the rows that it was made of. */
  readonly codes: Int32Array;
  /** All codes are below. */
  readonly cardinality: number;
  /** Whether every code is used. */
  readonly isDense: boolean;
  /** Writes the codes of the values of any vector. */
  encode(vector: Vector, count: number, into: Int32Array): void;
}

/** The codes of a column of so many rows. */
export function columnCodes(vector: Vector, count: number): ColumnCodes {
  if (vector.kind !== "number") return new CodesOfValues(vector, count);
  const range = rangeOf(vector.data, count);
  return range === undefined
    ? new CodesByHash(vector.data, count)
    : new CodesOfRange(vector.data, count, range.least, range.most);
}

/** A range of whole numbers up to this length is coded by the distance from its least. */
const MOST_RANGE = 2 ** 30;

/** The range of whole numbers; undefined where there are others, or it is too long. */
function rangeOf(data: Float64Array, count: number): { readonly least: number; readonly most: number } | undefined {
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < count; row++) {
    const x = data[row];
    if (x !== x) continue;
    if (x !== Math.floor(x)) return undefined;
    if (x < least) least = x;
    if (x > most) most = x;
  }
  return most - least < MOST_RANGE ? { least, most } : undefined;
}

class CodesOfRange implements ColumnCodes {
  readonly isDense = false;
  readonly codes: Int32Array;
  readonly cardinality: number;

  constructor(data: Float64Array, count: number, readonly least: number, most: number) {
    this.cardinality = most - least + 1;
    this.codes = new Int32Array(count);
    this.#encodeNumbers(data, count, this.codes);
  }

  encode(vector: Vector, count: number, into: Int32Array): void {
    if (vector.kind === "number") this.#encodeNumbers(vector.data, count, into);
    else encodeOneByOne(vector, count, into, (value) => typeof value === "number" ? this.#codeOf(value) : -1);
  }

  #encodeNumbers(data: Float64Array, count: number, into: Int32Array): void {
    const { least, cardinality } = this;
    for (let row = 0; row < count; row++) {
      const distance = data[row] - least;
      const code = distance | 0;
      into[row] = code === distance && code >= 0 && code < cardinality ? code : -1;
    }
  }

  #codeOf(x: number): number {
    const code = x - this.least;
    return code >= 0 && code < this.cardinality && code === Math.floor(code) ? code : -1;
  }
}

class CodesByHash implements ColumnCodes {
  readonly isDense = true;
  readonly codes: Int32Array;
  readonly #numbers = new NumberCodes();

  constructor(data: Float64Array, count: number) {
    this.codes = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      const x = data[row];
      this.codes[row] = x === x ? this.#numbers.add(x) : -1;
    }
  }

  get cardinality(): number {
    return this.#numbers.size;
  }

  encode(vector: Vector, count: number, into: Int32Array): void {
    const numbers = this.#numbers;
    if (vector.kind !== "number") {
      encodeOneByOne(vector, count, into, (value) => typeof value === "number" ? numbers.find(value) : -1);
      return;
    }
    const { data } = vector;
    for (let row = 0; row < count; row++) into[row] = data[row] === data[row] ? numbers.find(data[row]) : -1;
  }
}

class CodesOfValues implements ColumnCodes {
  readonly isDense = true;
  readonly codes: Int32Array;
  readonly #known = new Map<Key, number>();
  /** By their bytes in hexadecimal. */
  readonly #blobs = new Map<string, number>();
  #size = 0;
  /** The codes of the words of the dictionary that came last. */
  #words: readonly string[] = [];
  #ofWords = new Int32Array();

  constructor(vector: Vector, count: number) {
    this.codes = new Int32Array(count);
    if (vector.kind === "text") {
      const { codes, words } = vector;
      const ofWords = new Int32Array(words.length).fill(-1);
      for (let row = 0; row < count; row++) {
        const word = codes[row];
        if (word >= 0 && ofWords[word] < 0) ofWords[word] = this.#add(words[word]);
        this.codes[row] = word < 0 ? -1 : ofWords[word];
      }
    } else encodeOneByOne(vector, count, this.codes, (key) => this.#add(key));
  }

  get cardinality(): number {
    return this.#size;
  }

  encode(vector: Vector, count: number, into: Int32Array): void {
    if (vector.kind !== "text") {
      encodeOneByOne(vector, count, into, (key) => this.#mapOf(key).get(textOf(key)) ?? -1);
      return;
    }
    if (vector.words !== this.#words) {
      this.#words = vector.words;
      this.#ofWords = Int32Array.from(vector.words, (word) => this.#known.get(word) ?? -1);
    }
    const { codes } = vector;
    const ofWords = this.#ofWords;
    for (let row = 0; row < count; row++) into[row] = codes[row] < 0 ? -1 : ofWords[codes[row]];
  }

  #add(key: Key | Uint8Array): number {
    const map = this.#mapOf(key);
    const text = textOf(key);
    let code = map.get(text);
    if (code === undefined) map.set(text, code = this.#size++);
    return code;
  }

  #mapOf(key: Key | Uint8Array): Map<Key, number> {
    return key instanceof Uint8Array ? this.#blobs as Map<Key, number> : this.#known;
  }
}

/** A value by which a map finds what SQLite takes for equal. */
type Key = number | bigint | string;

function textOf(key: Key | Uint8Array): Key {
  return key instanceof Uint8Array ? key.toHex() : key;
}

/** Of a number the number itself, a bigint only where no number is the same. */
function keyOf(value: Exclude<Value, null>): Key | Uint8Array {
  if (typeof value !== "bigint") return value;
  const x = Number(value);
  return BigInt(x) === value ? x : value;
}

function encodeOneByOne(
  vector: Vector,
  count: number,
  into: Int32Array,
  codeOf: (key: Key | Uint8Array) => number,
): void {
  const one = (value: Value) => value === null ? -1 : codeOf(keyOf(value));
  switch (vector.kind) {
    case "constant":
      into.fill(one(vector.value), 0, count);
      break;
    case "number":
      for (let row = 0; row < count; row++) {
        into[row] = vector.data[row] === vector.data[row] ? codeOf(vector.data[row]) : -1;
      }
      break;
    case "text": {
      const ofWords = Int32Array.from(vector.words, codeOf);
      for (let row = 0; row < count; row++) into[row] = vector.codes[row] < 0 ? -1 : ofWords[vector.codes[row]];
      break;
    }
    case "any":
      for (let row = 0; row < count; row++) into[row] = one(vector.values[row]);
      break;
  }
}
