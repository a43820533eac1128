import { valueAt } from "./gather.ts";
import type { Value } from "../values/value.ts";
import { WordTables } from "./word_tables.ts";
import type { NumberType, Vector } from "./vector.ts";

const NULL_ONLY: Vector = { kind: "constant", value: null };

/** Puts the rows of one column of many batches together: into one vector, the narrowest that holds them. */
export class VectorBuilder {
  #count = 0;
  /** Undefined: only NULL so far. */
  #kind: "number" | "text" | "any" | undefined;
  #type: NumberType | undefined;
  /** Of a column of REAL: whether a number in it would become an INTEGER beside INTEGERs. */
  #hasWholeReal = false;
  #data = new Float64Array();
  #codes = new Int32Array();
  #words: string[] = [];
  /** Words that are taken as they came, as long as no others come. */
  #taken: readonly string[] | undefined;
  #values: Value[] = [];
  /** Where words are among those that were collected, plus 1. */
  readonly #known = new WordTables();

  get count(): number {
    return this.#count;
  }

  /** Adds the first `count` rows of a vector, or those that `rows` lists. */
  add(vector: Vector, count: number, rows?: Int32Array): void {
    switch (vector.kind) {
      case "constant":
        return this.#addConstant(vector.value, count);
      case "number":
        return this.#addNumbers(vector.data, vector.type, count, rows);
      case "text":
        return this.#addTexts(vector.codes, vector.words, count, rows);
      case "any":
        return this.#addValues(vector.values, count, rows);
    }
  }

  /** All rows so far. The collector may be added to no more. */
  finish(): Vector {
    switch (this.#kind) {
      case undefined:
        return NULL_ONLY;
      case "number":
        return { kind: "number", type: this.#type ?? "integer", data: this.#data.subarray(0, this.#count) };
      case "text":
        return { kind: "text", codes: this.#codes.subarray(0, this.#count), words: this.#taken ?? this.#words };
      case "any":
        return { kind: "any", values: this.#values };
    }
  }

  #addConstant(value: Value, count: number): void {
    if (value === null) {
      if (this.#kind === "number") this.#numbersFor(count).fill(NaN, this.#count, this.#count + count);
      else if (this.#kind === "text") this.#codesFor(count).fill(-1, this.#count, this.#count + count);
      else if (this.#kind === "any") { for (let row = 0; row < count; row++) this.#values.push(null); }
      this.#count += count;
    } else if (typeof value === "string") {
      this.#addTexts(new Int32Array(count), [value], count, undefined);
    } else if (typeof value === "number" || typeof value === "bigint" && BigInt.asIntN(53, value) === value) {
      const type = typeof value === "bigint" ? "integer" : "real";
      this.#addNumbers(new Float64Array(count).fill(Number(value)), type, count, undefined);
    } else this.#addValues(new Array<Value>(count).fill(value), count, undefined);
  }

  #addNumbers(data: Float64Array, type: NumberType, count: number, rows: Int32Array | undefined): void {
    if (count === 0) return;
    if (!this.#fits("number") || !this.#takes(type, data, count, rows)) {
      return this.#addEach({ kind: "number", type, data }, count, rows);
    }
    const own = this.#numbersFor(count);
    const start = this.#count;
    if (rows === undefined) own.set(data.subarray(0, count), start);
    else for (let at = 0; at < count; at++) own[start + at] = data[rows[at]];
    this.#count += count;
  }

  /** Whether numbers of a type can stand beside those that are there, each with its own type. */
  #takes(type: NumberType, data: Float64Array, count: number, rows: Int32Array | undefined): boolean {
    if (type === "real" && !this.#hasWholeReal) this.#hasWholeReal = hasWhole(data, count, rows);
    this.#type ??= type;
    if (type === this.#type) return true;
    if (this.#hasWholeReal) return false;
    this.#type = "numeric";
    return true;
  }

  #addTexts(codes: Int32Array, words: readonly string[], count: number, rows: Int32Array | undefined): void {
    if (count === 0) return;
    if (!this.#fits("text")) return this.#addEach({ kind: "text", codes, words }, count, rows);
    const own = this.#codesFor(count);
    const start = this.#count;
    if (this.#takesWords(words, count)) {
      if (rows === undefined) own.set(codes.subarray(0, count), start);
      else for (let at = 0; at < count; at++) own[start + at] = codes[rows[at]];
      this.#count += count;
      return;
    }
    const known = this.#known.tableFor(words, count);
    const added = known === undefined ? new Map<number, number>() : undefined;
    for (let at = 0; at < count; at++) {
      const code = codes[rows === undefined ? at : rows[at]];
      if (code < 0) own[start + at] = -1;
      else if (known !== undefined) own[start + at] = (known[code] ||= this.#words.push(words[code])) - 1;
      else {
        let place = added!.get(code);
        if (place === undefined) added!.set(code, place = this.#words.push(words[code]) - 1);
        own[start + at] = place;
      }
    }
    this.#count += count;
  }

  /** Whether the words stay as they come: they are the first, most of them are used, or they are the same as before. */
  #takesWords(words: readonly string[], count: number): boolean {
    if (this.#taken === undefined) {
      if (this.#words.length > 0 || words.length > 4 * count) return false;
      this.#taken = words;
    }
    if (this.#taken === words) return true;
    this.#words = [...this.#taken];
    const known = this.#known.tableFor(this.#taken, this.#count);
    if (known !== undefined) { for (let word = 0; word < known.length; word++) known[word] = word + 1; }
    this.#taken = undefined;
    return false;
  }

  #addValues(values: readonly Value[], count: number, rows: Int32Array | undefined): void {
    this.#widen();
    for (let at = 0; at < count; at++) this.#values.push(values[rows === undefined ? at : rows[at]]);
    this.#count += count;
  }

  #addEach(vector: Vector, count: number, rows: Int32Array | undefined): void {
    this.#widen();
    for (let at = 0; at < count; at++) this.#values.push(valueAt(vector, rows === undefined ? at : rows[at]));
    this.#count += count;
  }

  /** Makes it a column of a kind where only NULLs are there; whether it is one. */
  #fits(kind: "number" | "text"): boolean {
    if (this.#kind !== undefined) return this.#kind === kind;
    this.#kind = kind;
    if (kind === "number") this.#data = new Float64Array(this.#count).fill(NaN);
    else this.#codes = new Int32Array(this.#count).fill(-1);
    return true;
  }

  /** Makes it a column of values. */
  #widen(): void {
    if (this.#kind === "any") return;
    const there = this.finish();
    for (let row = 0; row < this.#count; row++) this.#values.push(valueAt(there, row));
    this.#kind = "any";
    this.#data = new Float64Array();
    this.#codes = new Int32Array();
    this.#words = [];
    this.#taken = undefined;
  }

  #numbersFor(count: number): Float64Array {
    const size = this.#count + count;
    if (this.#data.length < size) {
      const larger = new Float64Array(Math.max(size, this.#data.length * 2));
      larger.set(this.#data);
      this.#data = larger;
    }
    return this.#data;
  }

  #codesFor(count: number): Int32Array {
    const size = this.#count + count;
    if (this.#codes.length < size) {
      const larger = new Int32Array(Math.max(size, this.#codes.length * 2));
      larger.set(this.#codes);
      this.#codes = larger;
    }
    return this.#codes;
  }
}

function hasWhole(data: Float64Array, count: number, rows: Int32Array | undefined): boolean {
  for (let at = 0; at < count; at++) {
    if (Number.isSafeInteger(data[rows === undefined ? at : rows[at]])) return true;
  }
  return false;
}
