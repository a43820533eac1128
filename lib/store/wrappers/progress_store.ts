import { withBulkFallback } from "../bulk_fallback.ts";
import type { BulkStore, FileChunk, Store } from "../store.ts";
import { wrapStore } from "./wrap_store.ts";

/** A store that tells how many bytes and files it got in bulk, after each batch that it took. */
export function withProgress(store: Store, onBytes: (bytes: number, files: number) => void): BulkStore {
  const bulk = withBulkFallback(store);
  return wrapStore(bulk, { writeMany: (chunks, options) => bulk.writeMany(counted(chunks, onBytes), options) });
}

async function* counted(
  chunks: AsyncIterable<readonly FileChunk[]>,
  onBytes: (bytes: number, files: number) => void,
): AsyncGenerator<readonly FileChunk[], void> {
  for await (const batch of chunks) {
    yield batch;
    let bytes = 0, files = 0;
    for (const chunk of batch) {
      bytes += chunk.bytes.length;
      if (chunk.end) files++;
    }
    onBytes(bytes, files);
  }
}
