import { crc32 } from "node:zlib";
import { concat } from "../../base/bytes.ts";
import type { GrowingBytes } from "../wire/growing_bytes.ts";

/** Records lie in blocks; a piece of one does not cross the end of a block. */
const BLOCK = 32768;

/** CRC-32 of what follows it, length, type. */
const HEADER = 7;

/** The pieces of a record: all of it, its first, some middle, its last one. */
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/** A longer record is passed over: it would have to be held in memory. */
const MAX_RECORD = 128 * 1024 * 1024;

/** Bytes before the first block's first record. */
export const FILE_HEADER = 7;

/** Whether a file begins as W&B's do: `:W&B`, the magic number 0xBEE1, the version 0. */
export function isRunFile(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 4)) === ":W&B" && head[4] === 0xe1 && head[5] === 0xbe &&
    head[6] === 0;
}

/** What is next in a file of records. */
export type Found =
  | { readonly kind: "record"; readonly bytes: Uint8Array }
  /** Bytes that are not a record were passed over. */
  | { readonly kind: "damage"; readonly offset: number; readonly what: string }
  /** The file ends, or within a record, which begins at `start`. */
  | { readonly kind: "end"; readonly start: number; readonly isTorn: boolean };

/**
 * Goes to the next record of a file in the way of LevelDB's logs; other than there, the CRC is the plain one of IEEE, of the
 * type and the bytes. At a damaged piece, it goes on with the next block.
 */
export async function nextRecord(file: GrowingBytes): Promise<Found> {
  const start = file.offset;
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (true) {
    const left = BLOCK - file.offset % BLOCK;
    if (left < HEADER) {
      if (!await file.skip(left)) return { kind: "end", start, isTorn: pieces.length > 0 };
      continue;
    }
    if (!await file.need(HEADER)) return { kind: "end", start, isTorn: file.held > 0 || pieces.length > 0 };
    const { bytes, at, offset } = file;
    const size = bytes[at + 4] | bytes[at + 5] << 8;
    const type = bytes[at + 6];
    if (HEADER + size > left) return await passOver(file, left, "a piece of a record reaches beyond its block");
    if (!await file.need(HEADER + size)) return { kind: "end", start, isTorn: true };
    const view = file.bytes;
    const from = file.at;
    const expected = (view[from] | view[from + 1] << 8 | view[from + 2] << 16 | view[from + 3] << 24) >>> 0;
    if (crc32(view.subarray(from + 6, from + HEADER + size)) !== expected || type < FULL || type > LAST) {
      return await passOver(file, left, "the checksum of a record does not fit its bytes");
    }
    const piece = view.subarray(from + HEADER, from + HEADER + size);
    const isFirst = type === FULL || type === FIRST;
    if (isFirst !== (pieces.length === 0)) {
      // The rest of a record whose beginning was lost, or the next one after it.
      if (!isFirst) file.take(HEADER + size);
      return { kind: "damage", offset, what: "a record is not whole" };
    }
    file.take(HEADER + size);
    length += size;
    if (length > MAX_RECORD) {
      return { kind: "damage", offset: start, what: `a record of more than ${MAX_RECORD} bytes is too long` };
    }
    if (type === FULL) return { kind: "record", bytes: piece };
    pieces.push(type === LAST ? piece : piece.slice());
    if (type === MIDDLE || type === FIRST) continue;
    return { kind: "record", bytes: concat(pieces) };
  }
}

async function passOver(file: GrowingBytes, count: number, what: string): Promise<Found> {
  const { offset } = file;
  if (!await file.skip(count)) file.take(file.held);
  return { kind: "damage", offset, what };
}
