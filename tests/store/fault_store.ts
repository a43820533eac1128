import { DamageError, DbxError } from "../../lib/base/errors.ts";
import { withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import type { BulkStore, FileChunk, FileEntry, Store } from "../../lib/store/store.ts";
import { type StoreMethods, wrapStore } from "../../lib/store/wrappers/wrap_store.ts";

/** What goes wrong in a store, and when. A test may change each of these at any time. */
export interface Faults {
  /** Runs before each call; what it throws is what the call rejects with. Of the methods that list or read many: before the first batch. */
  before?: (method: keyof StoreMethods) => void | Promise<void>;
  /** Bytes of the next write to a log that reach it, after which the connection breaks: the log has a torn tail. */
  tear?: number;
  /** What becomes of the times that the store shows: all the same, as coarse as those of an old disk, or behind. */
  time?: (at: number) => number;
  /** The flush fails: what was written is there, and the call rejects with this error, as it may be lost with the power. */
  flush?: Error;
  /** Files whose first chunk comes with a byte that was changed on the way. */
  flip?: (name: string) => boolean;
}

/** A store that goes wrong on purpose, as `faults` say. `calls`: the methods that were called, in order. */
export function faultStore(
  inner: Store,
  faults: Faults = {},
): { readonly store: BulkStore; readonly faults: Faults; readonly calls: (keyof StoreMethods)[] } {
  const bulk = withBulkFallback(inner);
  const calls: (keyof StoreMethods)[] = [];
  const enter = async (method: keyof StoreMethods): Promise<void> => {
    calls.push(method);
    await faults.before?.(method);
  };
  const flushed = <T>(result: T): T => {
    if (faults.flush !== undefined) throw faults.flush;
    return result;
  };
  const timed = <T extends Pick<FileEntry, "modifiedAt" | "changedAt">>(seen: T): T => {
    const { time } = faults;
    if (time === undefined) return seen;
    const { modifiedAt, changedAt } = seen;
    return {
      ...seen,
      ...modifiedAt !== undefined && { modifiedAt: time(modifiedAt) },
      ...changedAt !== undefined && { changedAt: time(changedAt) },
    };
  };
  const store = wrapStore(bulk, {
    async *list(...given) {
      await enter("list");
      yield* bulk.list(...given);
    },
    async stat(name) {
      await enter("stat");
      const stat = await bulk.stat(name);
      return stat && timed(stat);
    },
    async read(...given) {
      await enter("read");
      return await bulk.read(...given);
    },
    async stream(...given) {
      await enter("stream");
      return await bulk.stream(...given);
    },
    async create(...given) {
      await enter("create");
      flushed(await bulk.create(...given));
    },
    async append(name, offset, data, options) {
      await enter("append");
      const { tear } = faults;
      faults.tear = undefined;
      await bulk.append(name, offset, data.subarray(0, tear), options);
      if (tear !== undefined) throw new DbxError(`Cannot append to "${name}": the connection broke`);
      flushed(undefined);
    },
    async remove(name) {
      await enter("remove");
      flushed(await bulk.remove(name));
    },
    async *listFiles(options) {
      await enter("listFiles");
      for await (const batch of bulk.listFiles(options)) yield batch.map(timed);
    },
    async hashPrefixes(...given) {
      await enter("hashPrefixes");
      return await bulk.hashPrefixes(...given);
    },
    async *readMany(...given) {
      await enter("readMany");
      for await (const batch of bulk.readMany(...given)) yield batch.map((chunk) => flipped(chunk, faults));
    },
    async writeMany(chunks, options) {
      await enter("writeMany");
      const { tear } = faults;
      faults.tear = undefined;
      return flushed(await bulk.writeMany(tear === undefined ? chunks : torn(bulk, chunks, tear), options));
    },
    async setModifiedTimes(...given) {
      await enter("setModifiedTimes");
      await bulk.setModifiedTimes(...given);
    },
    // Without those that answer at once: all goes through the calls above.
    look: undefined,
    listNow: undefined,
    readNow: undefined,
  });
  return { store, faults, calls };
}

function flipped(chunk: FileChunk, { flip }: Faults): FileChunk {
  if (chunk.offset > 0 || chunk.bytes.length === 0 || !flip?.(chunk.name)) return chunk;
  const bytes = chunk.bytes.slice();
  bytes[0] ^= 1;
  return { ...chunk, bytes };
}

/** Chunks until the first one of a log, of which some bytes reach the store by themselves; then the connection breaks. */
async function* torn(store: Store, chunks: AsyncIterable<readonly FileChunk[]>, bytes: number) {
  for await (const batch of chunks) {
    for (const chunk of batch) {
      if (!chunk.name.endsWith(".jsonl")) yield [chunk];
      else {
        await store.append(chunk.name, chunk.offset, chunk.bytes.subarray(0, bytes));
        throw new DamageError("the connection broke", { path: chunk.name });
      }
    }
  }
}
