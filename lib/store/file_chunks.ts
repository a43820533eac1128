import { HeldLines } from "../base/lines/held_lines.ts";
import type { FileKind } from "../format/layout/file_kind.ts";
import type { FileChunk } from "./store.ts";

/** Bytes in one part at most. */
export const CHUNK_BYTES = 1024 * 1024;

/** A line may be as long; a carried rest beyond it is given up. */
export const MAX_LINE = 256 * 1024 * 1024;

/** What is read of a file that is on its way. */
export interface Reading {
  readonly name: string;
  readonly kind: FileKind;
  readonly offset: number;
  /** The length of the file when it was looked at; what comes later is left for the next time. */
  readonly size: number;
  readonly modifiedAt?: number;
  /** At most `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** The chunks of one file from an offset to its end; of a log, up to its last line feed within `size`. */
export async function* chunksOf(reading: Reading): AsyncGenerator<FileChunk, void> {
  const { name, kind, size, modifiedAt } = reading;
  let at = reading.offset;
  // Of a log: the beginning of a line whose end has not come.
  const held = new HeldLines();
  if (at > size) {
    const error = `it has ${size} bytes, fewer than ${at}`;
    yield { name, offset: at, bytes: new Uint8Array(), end: true, size: at, error };
    return;
  }
  while (true) {
    const read = reading.read(at + held.length, Math.min(CHUNK_BYTES, size - at - held.length));
    const piece = read instanceof Promise ? await read : read;
    const isLast = at + held.length + piece.length >= size || piece.length === 0;
    const bytes = kind === "log" ? held.push(piece) : piece;
    if (held.length > MAX_LINE && !isLast) {
      yield { name, offset: at, bytes, end: true, size, error: "it holds a line of more than 256 MiB" };
      return;
    }
    if (kind !== "log" && isLast && at + bytes.length < size) {
      yield { name, offset: at, bytes, end: true, size, error: "it was truncated while it was read" };
      return;
    }
    if (isLast) {
      const end = at + bytes.length;
      // A file that has a torn tail is not settled: it has another length than what is shipped of it.
      yield { name, offset: at, bytes, end: true, size: end, modifiedAt: end === size ? modifiedAt : undefined };
      return;
    }
    if (bytes.length > 0) yield { name, offset: at, bytes, end: false, size };
    at += bytes.length;
  }
}
