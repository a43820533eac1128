import type { Value } from "../../values/value.ts";
import { vectorOfValues } from "../../vectors/value_vector.ts";
import { UnsupportedAtRuntime } from "../fallback.ts";
import type { Vector } from "../../vectors/vector.ts";
import { type State, TRUE } from "./state.ts";

type TextVector = Vector & { readonly kind: "text" };

/**
 * What is known of the words of the last vectors: batches of one table often share their words, so it is computed once for
 * all of them. Not before so many rows have been seen that most of the words may be among them.
 */
class WordTable<T> {
  #words: readonly string[] | undefined;
  #rows = 0;
  #table: T | undefined;

  get(words: readonly string[], count: number, build: (words: readonly string[]) => T): T | undefined {
    if (words !== this.#words) {
      this.#words = words;
      this.#rows = 0;
      this.#table = undefined;
    }
    if (this.#table === undefined) {
      this.#rows += count;
      if (this.#rows * 2 >= words.length) this.#table = build(words);
    }
    return this.#table;
  }
}

/** What a function gives for NULL and for each word, by code + 1; and where it fails. */
interface Answers {
  readonly vector: Vector;
  /** Whether they are texts, another one for each word: then they have the codes of the words. */
  readonly isEach: boolean;
  readonly failures: ReadonlyMap<number, UnsupportedAtRuntime>;
}

/**
 * Computes a function of a text once for each word.
 *
 * @param many Computes it for many texts at once, if that is quicker.
 */
export function mapWords(
  compute: (text: string | null) => Value,
  many?: (texts: readonly (string | null)[]) => Value[],
): (vector: TextVector, count: number) => Vector {
  const table = new WordTable<Answers>();
  const build = (words: readonly string[]): Answers => {
    const failures = new Map<number, UnsupportedAtRuntime>();
    let values = many && withoutFallback(() => many([null, ...words]));
    if (values === undefined) {
      values = new Array<Value>(words.length + 1);
      for (let at = 0; at <= words.length; at++) {
        try {
          values[at] = compute(at === 0 ? null : words[at - 1]);
        } catch (error) {
          // Of a word that may not be used.
          if (!(error instanceof UnsupportedAtRuntime)) throw error;
          failures.set(at, error);
          values[at] = null;
        }
      }
    }
    const vector = vectorOfValues(values);
    const isEach = vector.kind === "text" && vector.codes.every((code, at) => code === at - 1);
    return { vector, isEach, failures };
  };
  return ({ codes, words }, count) => {
    const answers = table.get(words, count, build);
    if (answers === undefined) {
      const texts: (string | null)[] = new Array(count);
      for (let row = 0; row < count; row++) texts[row] = codes[row] < 0 ? null : words[codes[row]];
      return vectorOfValues(many === undefined ? texts.map((text) => compute(text)) : many(texts));
    }
    const { vector, isEach, failures } = answers;
    if (failures.size > 0) {
      for (let row = 0; row < count; row++) {
        const failure = failures.get(codes[row] + 1);
        if (failure !== undefined) throw failure;
      }
    }
    if (isEach && vector.kind === "text") return { kind: "text", codes, words: vector.words };
    return pick(vector, codes, count);
  };
}

/** Undefined where something was not planned for. */
function withoutFallback<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnsupportedAtRuntime) return undefined;
    throw error;
  }
}

/** The entries of a table by code + 1. */
function pick(table: Vector, codes: Int32Array, count: number): Vector {
  switch (table.kind) {
    case "constant":
      return table;
    case "number": {
      const from = table.data;
      const data = new Float64Array(count);
      for (let row = 0; row < count; row++) data[row] = from[codes[row] + 1];
      return { kind: "number", type: table.type, data };
    }
    case "text": {
      const from = table.codes;
      const picked = new Int32Array(count);
      for (let row = 0; row < count; row++) picked[row] = from[codes[row] + 1];
      return { kind: "text", codes: picked, words: table.words };
    }
    case "any": {
      const from = table.values;
      const values: Value[] = new Array(count);
      for (let row = 0; row < count; row++) values[row] = from[codes[row] + 1];
      return { kind: "any", values };
    }
  }
}

/** Says once for each word whether something is true of it. */
export interface WordTest {
  (vector: TextVector, count: number): Uint8Array;
  /** The rows where it is true, of some or of all. */
  rows(vector: TextVector, count: number, rows: Int32Array | undefined): Int32Array;
}

/** What is true of NULL and of each word, by code + 1. */
interface States {
  readonly states: Uint8Array;
  /** The code of the only word of which the test is true, if there is one. */
  readonly only: number | undefined;
}

/** Makes a test of words. */
export function testWords(test: (text: string | null) => State): WordTest {
  const table = new WordTable<States>();
  const build = (words: readonly string[]): States => {
    const states = new Uint8Array(words.length + 1);
    for (let at = 0; at <= words.length; at++) states[at] = test(at === 0 ? null : words[at - 1]);
    const first = states.indexOf(TRUE);
    return { states, only: first > 0 && states.indexOf(TRUE, first + 1) < 0 ? first - 1 : undefined };
  };
  const states = ({ codes, words }: TextVector, count: number): Uint8Array => {
    const states = table.get(words, count, build)?.states;
    const out = new Uint8Array(count);
    if (states === undefined) {
      for (let row = 0; row < count; row++) out[row] = test(codes[row] < 0 ? null : words[codes[row]]);
    } else {
      for (let row = 0; row < count; row++) out[row] = states[codes[row] + 1];
    }
    return out;
  };
  const rows = ({ codes, words }: TextVector, count: number, rows: Int32Array | undefined): Int32Array => {
    const size = rows?.length ?? count;
    const { states, only } = table.get(words, size, build) ?? {};
    const out = new Int32Array(size);
    let found = 0;
    if (only !== undefined && rows === undefined) {
      for (let row = 0; row < count; row++) {
        out[found] = row;
        found += +(codes[row] === only);
      }
    } else if (states === undefined) {
      for (let at = 0; at < size; at++) {
        const row = rows === undefined ? at : rows[at];
        out[found] = row;
        found += test(codes[row] < 0 ? null : words[codes[row]]) >> 1;
      }
    } else if (rows === undefined) {
      for (let row = 0; row < count; row++) {
        out[found] = row;
        found += states[codes[row] + 1] >> 1;
      }
    } else {
      for (let at = 0; at < size; at++) {
        const row = rows[at];
        out[found] = row;
        found += states[codes[row] + 1] >> 1;
      }
    }
    return out.subarray(0, found);
  };
  return Object.assign(states, { rows });
}
