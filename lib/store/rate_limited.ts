import { pause } from "../base/time.ts";
import type { FileChunk } from "./store.ts";

/** Passes parts on, counts their bytes, and lets at most `limit` of them through in a second. */
export async function* rateLimited(
  parts: AsyncIterable<readonly FileChunk[]>,
  options: {
    /** Bytes a second. */
    readonly limit?: number;
    readonly signal?: AbortSignal;
    readonly onBytes: (bytes: number, files: number) => void;
  },
): AsyncGenerator<readonly FileChunk[], void> {
  const { limit, signal, onBytes } = options;
  const start = performance.now();
  let passed = 0;
  for await (const batch of parts) {
    // A large batch goes in pieces, so that a slow limit is not a long silence and a burst.
    const pieces = limit === undefined
      ? [batch]
      : batch.flatMap((part) => cut(part, Math.max(1024, limit / 10))).map((p) => [p]);
    for (const piece of pieces) {
      let bytes = 0, files = 0;
      for (const part of piece) {
        bytes += part.bytes.length;
        if (part.end) files++;
      }
      passed += bytes;
      if (limit !== undefined) {
        const due = passed / limit * 1000 - (performance.now() - start);
        if (due > 5) await pause(due, signal);
        signal?.throwIfAborted();
      }
      yield piece;
      onBytes(bytes, files);
    }
  }
}

function cut(part: FileChunk, size: number): FileChunk[] {
  const step = Math.floor(size);
  if (part.bytes.length <= step) return [part];
  const pieces: FileChunk[] = [];
  for (let at = 0; at < part.bytes.length; at += step) {
    const bytes = part.bytes.subarray(at, at + step);
    pieces.push({ ...part, offset: part.offset + at, bytes, end: part.end && at + step >= part.bytes.length });
  }
  return pieces;
}
