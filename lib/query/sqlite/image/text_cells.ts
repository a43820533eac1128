import type { Value } from "../../values/value.ts";
import type { Cells, Records } from "./cell_types.ts";
import { cellOfValue } from "./value_cells.ts";
import { varintLength, writeVarint } from "./varint.ts";

const encoder = new TextEncoder();

/** The bytes of words, each made at its first use. */
export class WordBytes {
  words: readonly string[] = [];
  /** Where each begins in the bytes; -1: not made yet. */
  starts = new Int32Array(0);
  lengths = new Int32Array(0);
  bytes = new Uint8Array(0);
  #used = 0;
  /** Whether some text has a character U+0000. */
  hasNul = false;

  /** Begins with other words, if they are others. */
  take(words: readonly string[]): void {
    if (words === this.words && words.length === this.starts.length) return;
    this.words = words;
    this.starts = new Int32Array(words.length).fill(-1);
    this.lengths = new Int32Array(words.length);
    this.#used = 0;
  }

  make(code: number): void {
    const word = this.words[code];
    const most = this.#used + 3 * word.length;
    if (most > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(2 * most, 4096));
      bytes.set(this.bytes.subarray(0, this.#used));
      this.bytes = bytes;
    }
    const { written } = encoder.encodeInto(word, this.bytes.subarray(this.#used));
    this.starts[code] = this.#used;
    this.lengths[code] = written;
    this.#used += written;
    if (word.includes("\0")) this.hasNul = true;
  }
}

/** Cells of texts by their codes; -1 is NULL. */
export function textCells(codes: Int32Array, words: readonly string[], bytes: WordBytes): Cells {
  bytes.take(words);
  return new TextCells(codes, bytes);
}

class TextCells implements Cells {
  constructor(readonly codes: Int32Array, readonly words: WordBytes) {}

  measure(heads: Int32Array, bodies: Int32Array, count: number): void {
    const { codes, words } = this;
    const { starts, lengths } = words;
    for (let row = 0; row < count; row++) {
      const code = codes[row];
      if (code < 0) heads[row]++;
      else {
        if (starts[code] < 0) words.make(code);
        const length = lengths[code];
        heads[row] += length < 58 ? 1 : varintLength(2 * length + 13);
        bodies[row] += length;
      }
    }
  }

  write({ bytes, heads, bodies }: Records, count: number): void {
    const { codes, words } = this;
    const { starts, lengths, bytes: from } = words;
    for (let row = 0; row < count; row++) {
      const code = codes[row];
      if (code < 0) bytes[heads[row]++] = 0;
      else {
        const length = lengths[code];
        const start = starts[code];
        const to = bodies[row];
        if (length < 58) bytes[heads[row]++] = 2 * length + 13;
        else heads[row] = writeVarint(bytes, heads[row], 2 * length + 13);
        if (length < 64) { for (let at = 0; at < length; at++) bytes[to + at] = from[start + at]; }
        else bytes.set(from.subarray(start, start + length), to);
        bodies[row] = to + length;
      }
    }
  }
}

/** Cells that are all equal. */
export function constantCells(value: Value): Cells {
  const { type, body } = cellOfValue(value);
  const typeLength = varintLength(type);
  return {
    measure(heads, bodies, count) {
      for (let row = 0; row < count; row++) {
        heads[row] += typeLength;
        bodies[row] += body.length;
      }
    },
    write({ bytes, heads, bodies }, count) {
      for (let row = 0; row < count; row++) {
        heads[row] = writeVarint(bytes, heads[row], type);
        bytes.set(body, bodies[row]);
        bodies[row] += body.length;
      }
    },
  };
}
