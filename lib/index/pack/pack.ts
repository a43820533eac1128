import { messageOf } from "../../base/errors.ts";
import { readAt } from "../../fs/files/last_line.ts";
import { DerivedFolder } from "../../fs/folders/derived_folder.ts";
import { type CheckedRead, decodeDirectory, encodeDirectory, loadAll, type PackFooter } from "./pack_footer.ts";
import { checksum, decodeColumn, encodedLength, type Encoding } from "../encoding/encoding.ts";
import { PackWords } from "./pack_words.ts";
import type { PackBuilder } from "./pack_builder.ts";

/** The last eight bytes of a pack. */
const MAGIC = new TextEncoder().encode("dbxpack3");

/** Where the head of the directory starts, its length, its checksum, nothing, the magic. */
const TRAILER = 32;

/** So many bytes at the end of a pack are read at once: mostly the head of the directory is among them. */
const LAST_READ = 16 * 1024;

/** A directory that is not longer is read at once. */
const SHORT_DIRECTORY = 2 * 1024 * 1024;

/** Columns that lie so near to each other are read at once. */
const GAP = 64 * 1024;
const MAX_READ_BYTES = 8 * 1024 * 1024;

/** A pack that is not what it should be: it is dropped, and what it held is read again. */
export class DamagedPack extends Error {
  constructor(readonly file: string, what: string) {
    super(`the pack "${file}" of the index ${what}`);
  }
}

/** Columns of parts of logs, in memory or in a file. */
export class Pack {
  readonly #decoded = new Map<number, Float64Array>();
  readonly #shared = new Map<string, Float64Array>();
  #words: PackWords | undefined;
  #held = 0;

  private constructor(
    /** The name of its file; undefined in memory. */
    readonly file: string | undefined,
    /** Bytes of the file; in memory, of the columns, a multiple of eight. */
    readonly size: number,
    readonly directory: PackFooter,
    readonly read: (offset: number, length: number) => Uint8Array<ArrayBuffer>,
  ) {}

  static inMemory(builder: PackBuilder): Pack {
    const { bytes, directory } = builder.build();
    return new Pack(undefined, bytes.length, directory, (offset, length) => bytes.subarray(offset, offset + length));
  }

  /**
   * Opens a file. Throws {@linkcode DamagedPack} if it is not a pack, is incomplete or has another version, and
   * `Deno.errors.NotFound` if it does not exist.
   */
  static open(path: string): Pack {
    const [folder, name] = DerivedFolder.of(path);
    const info = folder.lstat(name);
    if (info === undefined) throw new Deno.errors.NotFound(`"${path}" is gone`);
    if (!info.isFile) throw new DamagedPack(path, "is not a file");
    const { size } = info;
    const read = (offset: number, length: number) => readFile(path, offset, length);
    let short: Uint8Array<ArrayBuffer> | undefined;
    const checkedRead: CheckedRead = (offset, length, check, first) => {
      if (start - first <= SHORT_DIRECTORY) short ??= read(first, start - first);
      const bytes = short === undefined
        ? read(offset, length)
        : short.subarray(offset - first, offset - first + length);
      if (checksum(bytes) !== check) throw new DamagedPack(path, "has a damaged directory");
      return bytes;
    };
    if (size < TRAILER) throw new DamagedPack(path, "is too short");
    const from = Math.max(0, size - LAST_READ);
    const last = read(from, size - from);
    const trailer = last.slice(last.length - TRAILER);
    const view = new DataView(trailer.buffer);
    const [start, length, check] = [view.getFloat64(0, true), view.getFloat64(8, true), view.getUint32(16, true)];
    if (!MAGIC.every((byte, at) => trailer[24 + at] === byte) || start + length + TRAILER !== size) {
      throw new DamagedPack(path, "is incomplete");
    }
    const head = start >= from ? last.slice(start - from, start - from + length) : read(start, length);
    if (checksum(head) !== check) throw new DamagedPack(path, "has a damaged directory");
    try {
      return new Pack(path, size, decodeDirectory(head, checkedRead), read);
    } catch (error) {
      throw new DamagedPack(path, `is of another version (${messageOf(error)})`);
    }
  }

  /** The bytes of a file of what it holds in memory, in pieces. */
  pieces(): Uint8Array<ArrayBuffer>[] {
    const { pieces, head } = encodeDirectory(this.directory, this.size);
    const start = pieces.reduce((sum, { length }) => sum + length, this.size);
    const trailer = new Uint8Array(TRAILER);
    const view = new DataView(trailer.buffer);
    view.setFloat64(0, start, true);
    view.setFloat64(8, head.length, true);
    view.setUint32(16, checksum(head), true);
    trailer.set(MAGIC, 24);
    return [this.read(0, this.size), ...pieces, head, trailer];
  }

  /** Reads all that the directory says; throws {@linkcode DamagedPack} where some of it is damaged. */
  checkDirectory(): void {
    loadAll(this.directory);
  }

  #end(column: number): number {
    const { offset, encoding, count } = this.directory.columns;
    return offset[column] + encodedLength(encoding[column] as Encoding, count[column]);
  }

  /** The bytes of a column as they stand in the pack. */
  encoded(column: number): Uint8Array<ArrayBuffer> {
    const start = this.directory.columns.offset[column];
    return this.read(start, this.#end(column) - start);
  }

  /** Bytes of decoded columns that are kept. */
  get held(): number {
    return this.#held;
  }

  /** Forgets the decoded columns. */
  release(): void {
    this.#decoded.clear();
    this.#shared.clear();
    this.#words = undefined;
    this.#held = 0;
  }

  /** The words that leaves have codes of. */
  get words(): PackWords {
    if (this.#words === undefined) {
      const { bytes, ends } = this.directory.words;
      this.#words = new PackWords(this.#checked(bytes, this.encoded(bytes)), this.column(ends));
      this.#held += this.#words.bytes.length;
    }
    return this.#words;
  }

  #checked(index: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (this.file !== undefined && checksum(bytes) !== this.directory.columns.check[index]) {
      throw new DamagedPack(this.file, `has a damaged column ${index}`);
    }
    return bytes;
  }

  /** The numbers of a column; they must not be changed. */
  column(index: number): Float64Array {
    return this.#decoded.get(index) ?? (this.prefetch([index]), this.#decoded.get(index)!);
  }

  /** Reads columns that will be asked for, those that lie together at once. */
  prefetch(wanted: readonly number[]): void {
    const { offset } = this.directory.columns;
    const missing = wanted.filter((index) => !this.#decoded.has(index)).sort((a, b) => offset[a] - offset[b]);
    for (let from = 0; from < missing.length;) {
      const start = offset[missing[from]];
      let to = from + 1;
      let end = this.#end(missing[from]);
      while (
        to < missing.length && offset[missing[to]] - end < GAP && this.#end(missing[to]) - start < MAX_READ_BYTES
      ) {
        end = Math.max(end, this.#end(missing[to++]));
      }
      const bytes = end === start ? new Uint8Array() : this.read(start, end - start);
      for (; from < to; from++) this.#decode(missing[from], bytes, start);
    }
  }

  #decode(index: number, bytes: Uint8Array<ArrayBuffer>, start: number): void {
    const { offset, count, encoding, base, step } = this.directory.columns;
    const own = this.#checked(index, bytes.subarray(offset[index] - start, this.#end(index) - start));
    // What many logs share, such as steps that count up, is held once.
    const isPlain = own.length === 0;
    const key = isPlain ? `${count[index]} ${base[index]} ${step[index]}` : "";
    let values = isPlain ? this.#shared.get(key) : undefined;
    if (values === undefined) {
      const [encoded, rows] = [encoding[index], count[index]];
      values = decodeColumn({ encoding: encoded, count: rows, base: base[index], step: step[index], bytes: own });
      if (isPlain) this.#shared.set(key, values);
      this.#held += values.byteLength;
    }
    this.#decoded.set(index, values);
  }
}

function open(path: string): Deno.FsFile {
  try {
    const [folder, name] = DerivedFolder.of(path);
    return folder.open(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    // Another process merged it into another pack, or it is no longer a file.
    throw new DamagedPack(path, error instanceof Deno.errors.NotFound ? "is gone" : messageOf(error));
  }
}

function readFile(path: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
  using file = open(path);
  const bytes = readAt(file, offset, length);
  if (bytes.length < length) throw new DamagedPack(path, "ends early");
  return bytes;
}
