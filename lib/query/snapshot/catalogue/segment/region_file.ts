import { checksum } from "../../../../index/encoding/encoding.ts";
import { readAt } from "../../../../fs/files/last_line.ts";
import { DerivedFolder } from "../../../../fs/folders/derived_folder.ts";

/** Bytes of a file that are read together, and have a checksum of their own. */
export const PIECE = 64 * 1024;

/** Pieces that are kept in memory. Where more are read again and again, in any order, the whole region is kept. */
const MAX_CACHED_PIECES = 32;

/** So many are read at once where each one is read after the one before, by so many readers that take turns. */
const MAX_READAHEAD = 8;
const MAX_READERS = 4;

/** A stretch of a file, with the checksums of its pieces. */
export interface Region {
  readonly offset: number;
  readonly length: number;
  readonly checks: readonly number[];
}

/** A file that is not what it should be. What it held is read again from where it came. */
export class DamagedFile extends Error {
  constructor(readonly path: string) {
    super(`"${path}" is damaged`);
  }
}

/** The checksums of the pieces of some bytes. */
export function checksOf(bytes: Uint8Array): number[] {
  const checks: number[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) checks.push(checksum(bytes.subarray(at, at + PIECE)));
  return checks;
}

/** The same of bytes that stand in several arrays, one behind the other. */
export function checksOfAll(arrays: readonly Uint8Array[]): number[] {
  const checks: number[] = [];
  const piece = new Uint8Array(PIECE);
  let filled = 0;
  for (const bytes of arrays) {
    for (let at = 0; at < bytes.length;) {
      if (filled === 0 && bytes.length - at >= PIECE) {
        checks.push(checksum(bytes.subarray(at, at + PIECE)));
        at += PIECE;
        continue;
      }
      const count = Math.min(PIECE - filled, bytes.length - at);
      piece.set(bytes.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < PIECE) continue;
      checks.push(checksum(piece));
      filled = 0;
    }
  }
  if (filled > 0) checks.push(checksum(piece.subarray(0, filled)));
  return checks;
}

/** Reads regions of a file, and only what was written there. Every method throws {@linkcode DamagedFile} for anything else. */
export class RegionFile {
  readonly #pieces = new Map<number, Uint8Array<ArrayBuffer>>();
  readonly #whole = new Map<Region, Uint8Array<ArrayBuffer>>();
  /** Where the pieces end that readers read last, and how many they were. */
  readonly #readers = new Map<number, number>();
  /** Pieces of a region that were read, and not after the one before. */
  readonly #reads = new Map<Region, number>();

  /** `path`: absolute. */
  constructor(readonly path: string) {}

  /** Bytes from a place on, unchecked. */
  raw(offset: number, length: number): Uint8Array<ArrayBuffer> {
    try {
      const [folder, name] = DerivedFolder.of(this.path);
      using file = folder.open(name);
      const bytes = readAt(file, offset, length);
      if (bytes.length === length) return bytes;
    } catch {
      // Gone, for one: what was in it is in another file then.
    }
    throw new DamagedFile(this.path);
  }

  /** All of a region. */
  whole(region: Region): Uint8Array<ArrayBuffer> {
    const bytes = this.raw(region.offset, region.length);
    checksOf(bytes).forEach((check, at) => this.#compare(check, region.checks[at]));
    return bytes;
  }

  /** Some bytes of a region, from a place in it. */
  part(region: Region, from: number, length: number): Uint8Array<ArrayBuffer> {
    if (from < 0 || length < 0 || !(from + length <= region.length)) throw new DamagedFile(this.path);
    if (length === 0) return new Uint8Array();
    const all = this.#whole.get(region);
    if (all !== undefined) return all.subarray(from, from + length);
    const [first, last] = [Math.floor(from / PIECE), Math.floor((from + length - 1) / PIECE)];
    const start = from - first * PIECE;
    if (first === last) return this.#piece(region, first).subarray(start, start + length);
    const bytes = new Uint8Array((last - first + 1) * PIECE);
    for (let at = first; at <= last; at++) bytes.set(this.#piece(region, at), (at - first) * PIECE);
    return bytes.subarray(start, start + length);
  }

  #piece(region: Region, at: number): Uint8Array<ArrayBuffer> {
    const offset = region.offset + at * PIECE;
    const piece = this.#pieces.get(offset);
    if (piece !== undefined) return piece;
    // A reader that reads one piece after the other will read on, and not come back.
    const before = this.#readers.get(offset);
    const reads = (this.#reads.get(region) ?? 0) + (before === undefined ? 1 : 0);
    this.#reads.set(region, reads);
    if (reads > MAX_CACHED_PIECES && reads > region.checks.length) {
      const all = this.whole(region);
      this.#whole.set(region, all);
      return all.subarray(at * PIECE, (at + 1) * PIECE);
    }
    const ahead = Math.min(MAX_READAHEAD, (before ?? 0.5) * 2);
    const bytes = this.raw(offset, Math.min(ahead * PIECE, region.length - at * PIECE));
    this.#readers.delete(offset);
    this.#readers.set(offset + bytes.length, ahead);
    if (this.#readers.size > MAX_READERS) this.#readers.delete(this.#readers.keys().next().value!);
    for (let from = 0; from < bytes.length; from += PIECE) {
      const own = bytes.subarray(from, from + PIECE);
      this.#compare(checksum(own), region.checks[at + from / PIECE]);
      if (this.#pieces.size >= MAX_CACHED_PIECES) this.#pieces.delete(this.#pieces.keys().next().value!);
      this.#pieces.set(offset + from, own);
    }
    return this.#pieces.get(offset)!;
  }

  #compare(found: number, expected: number): void {
    if (found !== expected) throw new DamagedFile(this.path);
  }
}
