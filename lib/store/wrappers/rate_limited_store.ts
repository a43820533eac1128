import { pause } from "../../base/time.ts";
import { withBulkFallback } from "../bulk_fallback.ts";
import type { BulkStore, FileChunk, Store } from "../store.ts";
import { wrapStore } from "./wrap_store.ts";

/** A store that writes no more than so many bytes in a second, of what it gets in bulk. */
export function withRateLimit(store: Store, bytesPerSecond: number): BulkStore {
  const bulk = withBulkFallback(store);
  return wrapStore(bulk, {
    writeMany: (chunks, options) => bulk.writeMany(rateLimited(chunks, bytesPerSecond, options?.signal), options),
  });
}

async function* rateLimited(
  chunks: AsyncIterable<readonly FileChunk[]>,
  bytesPerSecond: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly FileChunk[], void> {
  const start = performance.now();
  let passed = 0;
  for await (const batch of chunks) {
    // A large batch goes in pieces, so that a slow limit is not a long silence and a burst.
    for (const piece of batch.flatMap((chunk) => split(chunk, Math.max(1024, bytesPerSecond / 10)))) {
      passed += piece.bytes.length;
      const dueMs = passed / bytesPerSecond * 1000 - (performance.now() - start);
      if (dueMs > 5) await pause(dueMs, signal);
      signal?.throwIfAborted();
      yield [piece];
    }
  }
}

function split(chunk: FileChunk, size: number): FileChunk[] {
  const step = Math.floor(size);
  const { offset, bytes, end } = chunk;
  if (bytes.length <= step) return [chunk];
  const pieces: FileChunk[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    const isLast = at + step >= bytes.length;
    pieces.push({ ...chunk, offset: offset + at, bytes: bytes.subarray(at, at + step), end: end && isLast });
  }
  return pieces;
}
