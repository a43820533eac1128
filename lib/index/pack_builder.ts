import { aligned, type Directory, DirectoryBuilder } from "./directory.ts";
import { checksum, encodeColumn, Encoding } from "./encoding.ts";
import { WordTable } from "./word_table.ts";

type ColumnName = Exclude<keyof Directory["columns"], "length">;

/** Collects parts of logs; the columns stand in one buffer that grows. */
export class PackBuilder {
  readonly directory: DirectoryBuilder = new DirectoryBuilder();
  /** The words that leaves have codes of. */
  readonly words: WordTable = new WordTable();
  #buffer: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#buffer = new Uint8Array(capacity);
  }

  get parts(): number {
    return this.directory.count("parts");
  }

  /** Bytes that it will have, nearly. */
  get size(): number {
    return this.length + this.directory.bytes + this.words.size + 4 * this.words.length;
  }

  /** Takes numbers as a column. */
  column(values: Float64Array): number {
    const { encoding, count, base, step, bytes } = encodeColumn(values);
    return this.encoded({ offset: 0, count, encoding, base, step, check: checksum(bytes) }, bytes);
  }

  /** Takes a column as it stands in another pack. */
  encoded(row: Readonly<Record<ColumnName, number>>, bytes: Uint8Array): number {
    const offset = this.#room(bytes.length);
    this.#buffer.set(bytes, offset);
    return this.directory.add("columns", { ...row, offset });
  }

  /** Makes room at the end. */
  #room(bytes: number): number {
    const offset = this.length;
    const needed = offset + aligned(bytes);
    if (needed > this.#buffer.length) {
      const more = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      more.set(this.#buffer.subarray(0, offset));
      this.#buffer = more;
    }
    this.length = needed;
    return offset;
  }

  build(): { bytes: Uint8Array<ArrayBuffer>; directory: Directory } {
    const { bytes, ends } = this.words;
    const row = { offset: 0, count: bytes.length, encoding: Encoding.U8, base: 0, step: 0, check: checksum(bytes) };
    const words = { bytes: this.encoded(row, bytes), ends: this.column(Float64Array.from(ends)) };
    return { bytes: this.#buffer.subarray(0, this.length), directory: this.directory.build(words) };
  }
}
