import { createHash } from "node:crypto";
import type { Store } from "../../store/store.ts";

/** A file's length and the SHA-256 of some of its beginnings. */
export interface PrefixHashes {
  readonly size: number;
  /** By length; those of which the file has fewer bytes are missing. */
  readonly hashes: ReadonlyMap<number, string>;
}

/** A file that is not longer is read at once. */
const SHORT = 1024 * 1024;

/** Hashes beginnings of a file in one pass. Undefined if there is no such file. */
export async function prefixHashes(
  store: Store,
  name: string,
  lengths: Iterable<number>,
): Promise<PrefixHashes | undefined> {
  const stat = await store.stat(name);
  if (stat?.kind !== "file") return undefined;
  const hashes = new Map<number, string>();
  const wanted = [...new Set(lengths)].filter((length) => length <= stat.size).sort((a, b) => a - b);
  const hash = createHash("sha256");
  let at = 0;
  let next = 0;
  const due = (end: number) => next < wanted.length && wanted[next] <= end;
  while (due(0)) hashes.set(wanted[next++], hash.copy().digest("hex"));
  if (next < wanted.length) {
    const pieces = stat.size <= SHORT ? [await store.read(name)] : await store.stream(name);
    for await (const bytes of pieces) {
      let start = 0;
      for (; due(at + bytes.length); next++) {
        const cut = wanted[next] - at;
        hash.update(bytes.subarray(start, cut));
        start = cut;
        hashes.set(wanted[next], hash.copy().digest("hex"));
      }
      hash.update(bytes.subarray(start));
      at += bytes.length;
      if (next === wanted.length) break;
    }
  }
  return { size: stat.size, hashes };
}
