import { messageOf } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { chunksOf } from "../file_chunks.ts";
import type { BulkOptions, FileChunk, ReadRange, Store } from "../store.ts";

/** Reads files of a store that has no way of its own, one after the other. */
export async function* readMany(
  store: Store,
  ranges: readonly ReadRange[],
  { signal }: BulkOptions = {},
): AsyncGenerator<readonly FileChunk[], void> {
  for (const { name, offset } of ranges) {
    signal?.throwIfAborted();
    let at = offset;
    try {
      const stat = await store.stat(name);
      const kind = classifyPath(name);
      if (stat?.kind !== "file" || kind === undefined) throw new Error("it no longer exists");
      const { size, modifiedAt } = stat;
      const read = (offset: number, length: number) => store.read(name, { offset, length });
      for await (const chunk of chunksOf({ name, kind, offset, size, modifiedAt, read })) {
        yield [chunk];
        at = chunk.offset + chunk.bytes.length;
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      yield [{ name, offset: at, bytes: new Uint8Array(), end: true, size: at, error: messageOf(error) }];
    }
  }
}
