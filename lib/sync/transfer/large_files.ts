import { objectName } from "../../format/layout/names.ts";
import type { Inventory } from "../inventory/side.ts";
import type { BulkOptions, BulkStore, FileChunk } from "../../store/store.ts";
import type { Wanted } from "./plan.ts";

/** A file of fewer bytes comes in one piece: there is nothing to go on with. */
const LARGE = 1024 * 1024;

/**
 * The SHA-256 of the large files among those that are wanted, by name: with it, what has arrived of a file that has no
 * hash for a name (a definition, a v0 file) stays at the target, and a later transfer goes on from there. Says so in
 * what is wanted.
 */
export async function hashLargeFiles(
  source: BulkStore,
  target: Inventory,
  wanted: Map<string, Wanted>,
  { signal }: BulkOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  const large = [...wanted.values()].filter(({ kind, size }) => {
    return (kind === "file" || kind === "definition") && size > LARGE;
  });
  if (large.length === 0) return hashes;
  const proofs = await source.hashPrefixes(large.map(({ want }) => ({ name: want.name })), { signal });
  for (const [at, { want: { name }, kind }] of large.entries()) {
    const { sha256, size = 0 } = proofs[at] ?? {};
    if (sha256 === undefined) continue; // It is gone; the side that is asked for it says so.
    hashes.set(name, sha256);
    const arrived = target.get(objectName(sha256));
    const offset = arrived?.partial && arrived.size <= size ? arrived.size : 0;
    wanted.set(name, { want: { name, offset }, kind, size: size - offset });
  }
  return hashes;
}

/** Parts with the hashes of the files that they are of. */
export async function* hashedParts(
  parts: AsyncIterable<readonly FileChunk[]>,
  hashes: ReadonlyMap<string, string>,
): AsyncGenerator<readonly FileChunk[], void> {
  for await (const batch of parts) {
    yield hashes.size === 0 ? batch : batch.map((part) => {
      const sha256 = hashes.get(part.name);
      return sha256 === undefined ? part : { ...part, sha256 };
    });
  }
}
