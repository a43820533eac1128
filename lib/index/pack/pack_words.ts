import { Code } from "../encoding/word_table.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The words of a pack, by their codes. */
export class PackWords {
  readonly #texts: (string | undefined)[] = [];

  constructor(readonly bytes: Uint8Array<ArrayBuffer>, readonly ends: Float64Array) {}

  bytesOf(code: number): Uint8Array<ArrayBuffer> {
    const index = code - Code.FirstWord;
    return this.bytes.subarray(index === 0 ? 0 : this.ends[index - 1], this.ends[index]);
  }

  /** The text of a word, or of an empty object or array. */
  text(code: number): string {
    if (code === Code.EmptyObject) return "{}";
    if (code === Code.EmptyArray) return "[]";
    return this.#texts[code] ??= decoder.decode(this.bytesOf(code));
  }
}
