import { hashPrefixes } from "./fallback/hash_prefixes.ts";
import { readMany } from "./fallback/read_many.ts";
import { writeMany } from "./fallback/write_many.ts";
import type { BulkStore, FileEntry, ListFilesOptions, Store } from "./store.ts";
import { walk } from "./walk.ts";
import { wrapStore } from "./wrappers/wrap_store.ts";

/** A store that has all the methods for work in bulk: this one itself, or one that makes those that it lacks of its others. */
export function withBulkFallback(store: Store): BulkStore {
  if (hasBulk(store)) return store;
  const tree = {
    list: (folder: string) => Array.fromAsync(store.list(folder)),
    stat: (name: string) => store.stat(name),
  };
  return wrapStore(store, {
    listFiles: store.listFiles?.bind(store) ?? ((options) => walk(tree, options)),
    hashPrefixes: store.hashPrefixes?.bind(store) ?? ((prefixes, options) => hashPrefixes(store, prefixes, options)),
    readMany: store.readMany?.bind(store) ?? ((ranges, options) => readMany(store, ranges, options)),
    writeMany: store.writeMany?.bind(store) ?? ((chunks, options) => writeMany(store, chunks, options)),
    // Without times, equal files are compared each time.
    setModifiedTimes: store.setModifiedTimes?.bind(store) ?? (() => Promise.resolve()),
  });
}

function hasBulk(store: Store): store is BulkStore {
  const { listFiles, hashPrefixes, readMany, writeMany, setModifiedTimes } = store;
  return [listFiles, hashPrefixes, readMany, writeMany, setModifiedTimes].every((method) => method !== undefined);
}

/** All files that a store lists, by name. */
export async function inventoryMap(store: BulkStore, options: ListFilesOptions = {}): Promise<Map<string, FileEntry>> {
  const files = new Map<string, FileEntry>();
  for await (const batch of store.listFiles(options)) for (const entry of batch) files.set(entry.name, entry);
  return files;
}
