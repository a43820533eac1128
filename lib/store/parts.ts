import { joined } from "../base/bytes.ts";
import type { FileKind } from "../format/kinds.ts";
import type { Part } from "./store.ts";

/** Bytes in one part at most. */
export const PART_BYTES = 1024 * 1024;

/** A line may be as long; a carried rest beyond it is given up. */
const MAX_LINE = 256 * 1024 * 1024;

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

/** The parts of one file from an offset to its end; of a log, up to its last line feed within `size`. */
export async function* partsOf(reading: Reading): AsyncGenerator<Part, void> {
  const { name, kind, size, modifiedAt } = reading;
  let at = reading.offset;
  let carried: Uint8Array = new Uint8Array();
  while (true) {
    const read = reading.read(at + carried.length, Math.min(PART_BYTES, size - at - carried.length));
    const piece = read instanceof Promise ? await read : read;
    let bytes = carried.length === 0 ? piece : joined(carried, piece);
    const isLast = at + bytes.length >= size || piece.length === 0;
    carried = new Uint8Array();
    if (kind === "log") {
      const whole = bytes.lastIndexOf(10) + 1;
      if (!isLast) carried = bytes.subarray(whole);
      bytes = bytes.subarray(0, whole);
      if (carried.length > MAX_LINE) {
        yield { name, offset: at, bytes, end: true, size, error: "it holds a line of more than 256 MiB" };
        return;
      }
    } else if (isLast && at + bytes.length < size) {
      yield { name, offset: at, bytes, end: true, size, error: "it became shorter while it was read" };
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
