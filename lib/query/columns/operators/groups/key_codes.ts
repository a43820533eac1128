import type { Value } from "../../../values/value.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { WordTables } from "../../../vectors/word_tables.ts";
import { type Counter, NumberCodes } from "./numbers.ts";

/**
 * Gives each value of one key a code: the same for what is equal to `=`, DISTINCT and GROUP BY, so that 1 and 1.0 are one and
 * '1' is another; NULL has a code too. Codes are numbered from 0 in the order in which values are first seen.
 */
export class KeyCodes {
  readonly #counter: Counter = { next: 0, missing: -1 };
  readonly #numbers = new NumberCodes();
  readonly #texts = new Map<string, number>();
  /** Integers that no double holds, and blobs by their hex digits. */
  readonly #others = new Map<bigint | string, number>();
  /** Codes plus 1. */
  readonly #known = new WordTables();
  /** Words of which no two are the same, as long as no other texts come, and their codes plus 1. */
  #distinct: { readonly words: readonly string[]; readonly known: Int32Array } | undefined;
  #hasIntegers = false;
  #hasReals = false;
  #codes = new Int32Array();
  #last: Float64Array | Int32Array | undefined;
  #lastCount = 0;

  /** How many codes there are. */
  get count(): number {
    return this.#counter.next;
  }

  /** Whether one code may stand for an INTEGER and an equal REAL. */
  get isAmbiguous(): boolean {
    return this.#hasIntegers && this.#hasReals;
  }

  /** The codes of the first `count` rows; one where it is the same in all. They hold until the next call. */
  assign(vector: Vector, count: number): Int32Array | number {
    if (vector.kind === "constant") return this.code(vector.value);
    const source = vector.kind === "number" ? vector.data : vector.kind === "text" ? vector.codes : undefined;
    // Series that were logged together share their columns.
    const isSame = vector.kind === "number" && source === this.#last && count <= this.#lastCount;
    if (isSame) return this.#codes;
    if (this.#codes.length < count) this.#codes = new Int32Array(count);
    this.#last = source;
    this.#lastCount = count;
    if (vector.kind === "number") {
      if (vector.type === "real") this.#hasReals = true;
      else this.#hasIntegers = true;
      this.#numbers.assign(vector.data, count, this.#codes, this.#counter);
    } else if (vector.kind === "text") this.#assignTexts(vector.codes, vector.words, count);
    else for (let row = 0; row < count; row++) this.#codes[row] = this.code(vector.values[row]);
    return this.#codes;
  }

  /** The code of one value. */
  code(value: Value): number {
    if (value === null) {
      if (this.#counter.missing < 0) this.#counter.missing = this.#counter.next++;
      return this.#counter.missing;
    }
    if (typeof value === "string") return this.#codeOfText(value);
    if (typeof value === "number") {
      if (Number.isInteger(value)) this.#hasReals = true;
      return this.#numbers.code(value, this.#counter);
    }
    if (typeof value === "bigint") {
      this.#hasIntegers = true;
      const number = Number(value);
      return BigInt(number) === value
        ? this.#numbers.code(number, this.#counter)
        : this.#codeIn(this.#others as Map<bigint, number>, value);
    }
    return this.#codeIn(this.#others as Map<string, number>, value.toHex());
  }

  #assignTexts(own: Int32Array, words: readonly string[], count: number): void {
    const codes = this.#codes;
    const known = this.#known.tableFor(words, count);
    if (known !== undefined && this.#areDistinct(words, known)) return this.#assignDistinct(own, known, count);
    for (let row = 0; row < count; row++) {
      const word = own[row];
      const code = word >= 0 && known !== undefined ? known[word] : 0;
      if (code !== 0) codes[row] = code - 1;
      else codes[row] = word < 0 ? this.code(null) : this.#codeOfWord(words, word, known);
    }
  }

  #areDistinct(words: readonly string[], known: Int32Array): boolean {
    if (this.#distinct?.words === words) return true;
    if (this.#distinct !== undefined || this.#texts.size > 0 || !areDistinct(words)) return false;
    this.#distinct = { words, known };
    return true;
  }

  /** A word that has no code yet is known to be another text: it need not be looked up. */
  #assignDistinct(own: Int32Array, known: Int32Array, count: number): void {
    const codes = this.#codes;
    for (let row = 0; row < count; row++) {
      const word = own[row];
      if (word < 0) codes[row] = this.code(null);
      else codes[row] = (known[word] ||= ++this.#counter.next) - 1;
    }
  }

  #codeOfText(text: string): number {
    if (this.#distinct !== undefined) {
      const { words, known } = this.#distinct;
      for (let word = 0; word < known.length; word++) {
        if (known[word] > 0) this.#texts.set(words[word], known[word] - 1);
      }
      this.#distinct = undefined;
    }
    return this.#codeIn(this.#texts, text);
  }

  #codeOfWord(words: readonly string[], word: number, known: Int32Array | undefined): number {
    const code = this.#codeOfText(words[word]);
    if (known !== undefined) known[word] = code + 1;
    return code;
  }

  #codeIn<T>(codes: Map<T, number>, value: T): number {
    let code = codes.get(value);
    if (code === undefined) codes.set(value, code = this.#counter.next++);
    return code;
  }
}

/** Of lists of words, how long they were when they were met, and whether no two are the same; undefined: met once. */
const met = new WeakMap<readonly string[], { readonly length: number; isDistinct: boolean | undefined }>();

/** Whether no two words of a list are the same. False where it is met for the first time: it may never be again. */
function areDistinct(words: readonly string[]): boolean {
  const before = met.get(words);
  if (before?.length !== words.length) {
    met.set(words, { length: words.length, isDistinct: undefined });
    return false;
  }
  return before.isDistinct ??= new Set(words).size === words.length;
}
