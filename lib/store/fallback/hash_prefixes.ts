import { createHash } from "node:crypto";
import type { BulkOptions, Prefix, PrefixHash, Store } from "../store.ts";

/** Hashes the beginnings of files of a store that has no way of its own: each file is streamed once. */
export async function hashPrefixes(
  store: Store,
  prefixes: readonly Prefix[],
  { signal }: BulkOptions = {},
): Promise<(PrefixHash | undefined)[]> {
  const hashes: (PrefixHash | undefined)[] = [];
  for (const { name, length } of prefixes) {
    signal?.throwIfAborted();
    const stat = await store.stat(name);
    hashes.push(stat?.kind === "file" ? await hashPrefix(store, name, length ?? stat.size) : undefined);
  }
  return hashes;
}

async function hashPrefix(store: Store, name: string, wanted: number): Promise<PrefixHash> {
  const hash = createHash("sha256");
  let size = 0, lastLineEnd = 0, hashed = 0;
  for await (const piece of await store.stream(name)) {
    const newline = piece.lastIndexOf(10);
    if (newline >= 0) lastLineEnd = size + newline + 1;
    if (hashed < wanted) {
      const part = piece.subarray(0, wanted - hashed);
      hash.update(part);
      hashed += part.length;
    }
    size += piece.length;
  }
  return { size, sha256: hashed === wanted ? hash.digest("hex") : undefined, lastLineEnd };
}
