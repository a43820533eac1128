import { NotFoundError } from "../../../base/errors.ts";
import { decodeUtf8, NEWLINE } from "../../../base/lines/lines_in.ts";
import { type LinePiece, readLines } from "../../../base/lines/line_pieces.ts";
import type { Store } from "../../../store/store.ts";

/** Lines that lie so near to each other are read at once. */
const CHUNK = 256 * 1024;
/** How much is read at first of a line whose end is not known. */
const LINE = 4096;

/**
 * Gives the lines that start at some places of a log, in bytes and ascending, one after the other, and the number of
 * each place. Places without a line are skipped: the log was cut, written again or removed since they were noted.
 *
 * @returns Bytes that were read.
 */
export async function eachLine(
  store: Store,
  path: string,
  offsets: Float64Array,
  on: (at: number, text: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  for (let from = 0; from < offsets.length;) {
    signal?.throwIfAborted();
    const start = offsets[from];
    let to = from + 1;
    while (to < offsets.length && offsets[to] - start < CHUNK) to++;
    const bytes = await readSpan(store, path, start, offsets[to - 1] - start);
    if (bytes === undefined) return total;
    total += bytes.length;
    // Of text without anything but ASCII, bytes and letters have the same places.
    const text = decodeUtf8(bytes);
    const isAscii = text?.length === bytes.length;
    for (; from < to; from++) {
      const begin = offsets[from] - start;
      const end = bytes.indexOf(NEWLINE, begin);
      if (end < 0) continue;
      const line = isAscii ? text!.slice(begin, end) : decodeUtf8(bytes.subarray(begin, end));
      if (line !== undefined) on(from, line);
    }
  }
  return total;
}

/** Bytes from the start of one line to the end of another; undefined where the log is gone. */
async function readSpan(
  store: Store,
  path: string,
  offset: number,
  last: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (let length = last + LINE;; length = last + (length - last) * 4) {
    const bytes = await readOrNothing(store, path, { offset, length });
    if (bytes === undefined || bytes.length < length || bytes.indexOf(NEWLINE, last) >= 0) return bytes;
  }
}

/** How much of a log is read at once. */
const PIECE = 1024 * 1024;

/** The whole lines of a log of a size, piece by piece; nothing where the log is gone. `offset`: where a piece starts. */
export async function* wholeLines(
  store: Store,
  path: string,
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<LinePiece, void> {
  yield* readLines({ size, length: PIECE }, (span) => {
    signal?.throwIfAborted();
    return readOrNothing(store, path, span);
  });
}

async function readOrNothing(
  store: Store,
  path: string,
  range: { readonly offset: number; readonly length: number },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await store.read(path, range);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
