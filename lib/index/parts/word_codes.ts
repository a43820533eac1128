import type { WordColumns } from "./part_columns.ts";
import { Code, hashOf, WordTable } from "../encoding/word_table.ts";

/** Texts that are longer are read from their lines. */
const MAX_WORD_LENGTH = 256;
/** Bytes of new words that a leaf may have in a part, and for each of its rows: an index of prose would be as long as the log. */
const FREE_BYTES = 4096;
const BYTES_PER_ROW = 40;
/** Where all words are longer than this together, the next log starts with none. */
const MAX_WORD_BYTES = 32 * 1024 * 1024;

const encoder = new TextEncoder();
const scratch = new Uint8Array(MAX_WORD_LENGTH * 3);

/** Gives words their codes. */
export class WordCodes {
  table: WordTable = new WordTable();

  /** Forgets words where they are too many; true where it did, so that no code counts any more. */
  trim(): boolean {
    if (this.table.size < MAX_WORD_BYTES) return false;
    this.table = new WordTable();
    return true;
  }

  /** The code of a text that stands in bytes. */
  ofBytes(leaf: WordColumns, bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (end - start > MAX_WORD_LENGTH) return Code.Line;
    const code = this.table.find(bytes, start, end, hash);
    if (code >= 0) return code;
    leaf.spent += end - start + 4;
    if (leaf.spent > FREE_BYTES + BYTES_PER_ROW * leaf.values.length) return Code.Line;
    return this.table.add(bytes, start, end, hash);
  }

  /** The code of a text. */
  of(leaf: WordColumns, text: string): number {
    if (text.length > MAX_WORD_LENGTH || !text.isWellFormed()) return Code.Line;
    const { written } = encoder.encodeInto(text, scratch);
    return this.ofBytes(leaf, scratch, 0, written, hashOf(scratch, 0, written));
  }
}
