import type { PackFooter, RowOf } from "./pack_footer.ts";
import { aligned } from "./footer_block.ts";
import { FooterBuilder } from "./footer_builder.ts";
import { checksum, encodeColumn, Encoding } from "../encoding/encoding.ts";
import { PART_WEIGHT } from "./merge_policy.ts";
import { PlainColumns } from "./plain_columns.ts";
import { WordTable } from "../encoding/word_table.ts";

/** Collects parts of logs; the columns stand in one buffer that grows. */
export class PackBuilder {
  readonly directory: FooterBuilder = new FooterBuilder();
  /** The words that leaves have codes of. */
  words: WordTable = new WordTable();
  #plain = new PlainColumns();
  #buffer: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#buffer = new Uint8Array(capacity);
  }

  get parts(): number {
    return this.directory.count("parts");
  }

  /** What counts against the greatest length of a pack: its bytes, nearly, or what its many parts weigh. */
  get weight(): number {
    const bytes = this.length + this.directory.bytes + this.words.size + 4 * this.words.length;
    return Math.max(bytes, this.parts * PART_WEIGHT);
  }

  /** Takes numbers as a column. */
  column(values: Float64Array): number {
    const { encoding, count, base, step, bytes } = encodeColumn(values);
    return this.encoded({
      offset: 0,
      count,
      encoding,
      base,
      step,
      check: bytes.length === 0 ? NO_BYTES : checksum(bytes),
    }, bytes);
  }

  /** Takes a column as it stands in another pack. */
  encoded(row: RowOf<"columns">, bytes: Uint8Array): number {
    if (bytes.length > 0) return this.#put(row, bytes);
    const { count, base, step } = row;
    const known = row.encoding === Encoding.Progression ? this.#plain.find(count, base, step) : undefined;
    if (known !== undefined) return known;
    const column = this.directory.add("columns", { ...row, offset: 0 });
    if (row.encoding === Encoding.Progression) this.#plain.keep(column);
    return column;
  }

  #put(row: RowOf<"columns">, bytes: Uint8Array): number {
    const offset = this.#room(bytes.length);
    if (bytes.length < SHORT) { for (let at = 0; at < bytes.length; at++) this.#buffer[offset + at] = bytes[at]; }
    else this.#buffer.set(bytes, offset);
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

  /** Starts again, in the same memory: what was built is no longer good. */
  clear(): void {
    this.directory.clear();
    this.words = new WordTable();
    this.#plain = new PlainColumns();
    this.length = 0;
  }

  /** What was added, good as long as nothing more is. */
  build(): { bytes: Uint8Array<ArrayBuffer>; directory: PackFooter } {
    const { bytes, ends } = this.words;
    const row = { offset: 0, count: bytes.length, encoding: Encoding.U8, base: 0, step: 0, check: checksum(bytes) };
    const words = { bytes: this.encoded(row, bytes), ends: this.column(Float64Array.from(ends)) };
    return { bytes: this.#buffer.subarray(0, this.length), directory: this.directory.build(words) };
  }
}

/** The checksum of a column that has no bytes, as most have. */
const NO_BYTES = checksum(new Uint8Array());

/** Longer bytes are copied by the runtime. */
const SHORT = 32;
