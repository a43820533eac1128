import { createHash } from "node:crypto";
import { MARKER_FILE } from "../format/layout/names.ts";
import type { FileEntry } from "../store/store.ts";

/** Hexadecimal digits of a bucket's digest: 64 bits. */
export const DIGEST_DIGITS = 16;

/** Buckets that an inventory may be asked for: its head, which may name them all, must not be longer than a line may be. */
export const MAX_BUCKETS = 4096;

/**
 * The number of buckets for so many files: digests of all buckets and the entries of one together are shortest when there
 * are about twice the square root of the files. A power of two.
 */
export function bucketsFor(files: number): number {
  return Math.min(MAX_BUCKETS, 2 ** Math.max(0, Math.ceil(Math.log2(Math.sqrt(files + 1) * 2))));
}

/** The bucket of a name: its 32-bit FNV-1a hash, modulo the number of buckets. */
export function bucketOf(name: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    if (unit > 127) return slowBucketOf(name, buckets);
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return (hash >>> 0) % buckets;
}

function slowBucketOf(name: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % buckets;
}

/** What digests need of an entry. */
export type DigestedFile = Pick<FileEntry, "name" | "size" | "modifiedAt" | "partial">;

/** Whether an entry counts in digests: the marker belongs to its copy, and a part of an object is not a file yet. */
export function counts(entry: DigestedFile): boolean {
  return entry.partial !== true && entry.name !== MARKER_FILE;
}

/** An entry as a line of an inventory. */
export function lineOf({ name, size, modifiedAt, partial }: DigestedFile): string {
  if (partial) return JSON.stringify([name, size, "partial"]);
  return JSON.stringify(modifiedAt === undefined ? [name, size] : [name, size, modifiedAt]);
}

/** The lines of each bucket, sorted by UTF-16 units, and its digest: the first digits of the SHA-256 of these lines. */
export function digest<E extends DigestedFile>(
  entries: Iterable<E>,
  buckets: number,
): { readonly digests: readonly string[]; readonly members: readonly (readonly E[])[] } {
  const lines: string[][] = Array.from({ length: buckets }, () => []);
  const members: E[][] = Array.from({ length: buckets }, () => []);
  for (const entry of entries) {
    if (!counts(entry)) continue;
    const bucket = bucketOf(entry.name, buckets);
    lines[bucket].push(lineOf(entry));
    members[bucket].push(entry);
  }
  const digests = lines.map((own) =>
    createHash("sha256").update(own.sort().map((line) => line + "\n").join("")).digest("hex").slice(0, DIGEST_DIGITS)
  );
  return { digests, members };
}
