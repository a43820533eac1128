import { createHash } from "node:crypto";
import { DbxError } from "../../base/errors.ts";
import { lastSegment, nameIn, parentOf } from "../../base/paths.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { writeAllSync } from "../../fs/files/file_operations.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import type { ByteRange } from "./byte_range.ts";
import { bytesOf, type StoredBytes } from "./stored_bytes.ts";

/** Bytes that are hashed at once. */
const PIECE = 1024 * 1024;

/** A file that is to be written. */
export interface Wanted {
  /** Relative to the folder. */
  readonly target: string;
  readonly bytes: StoredBytes;
  readonly range: ByteRange;
}

/** How it is written. */
export interface WriteFileOptions {
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Called with bytes that have come, or were there. */
  readonly onBytes: (count: number) => void;
}

/**
 * Writes a file so that it appears whole, or not at all. What came before an interruption is gone on with. `there`: it was there
 * already with the same contents.
 */
export async function writeFile(
  root: RootFolder,
  { target, bytes, range }: Wanted,
  { force, signal, onBytes }: WriteFileOptions,
): Promise<"written" | "there"> {
  const there = root.lstat(target);
  const size = range.end - range.start;
  const isWhole = size === bytes.size;
  if (there !== undefined) {
    if (isWhole && there.size === size && await hashOf(root, target, signal) === bytes.file.sha256) return "there";
    if (!force) throw new DbxError(`Cannot write "${target}": it exists with other contents; --force replaces it`);
  }
  const part = partName(target, bytes.file.sha256, isWhole ? undefined : range);
  try {
    root.makeFolder(parentOf(target));
    {
      using file = root.open(part, { read: true, write: true, create: true });
      file.lockSync(true);
      if (root.lstat(part)?.ino !== file.statSync().ino) {
        throw new DbxError(`Cannot write "${target}": another process has just written it; try again`);
      }
      const hash = createHash("sha256");
      const had = file.statSync().size;
      let at = had > size ? 0 : await hashPart(file, had, hash, signal);
      file.truncateSync(at);
      file.seekSync(at, Deno.SeekMode.Start);
      onBytes(at);
      try {
        const rest = { start: range.start + at, end: range.end };
        for await (const piece of bytesOf(bytes, rest, { signal, hash: isWhole ? hash : undefined })) {
          writeAllSync(file, piece);
          at += piece.length;
          onBytes(piece.length);
        }
      } catch (error) {
        // What has other bytes than it should is not gone on with.
        if (at === size) root.remove(part);
        throw error;
      }
      await file.sync();
      if (there === undefined) {
        root.place(part, target);
        root.remove(part);
      } else root.rename(part, target);
    }
    root.syncNames(parentOf(target));
    return "written";
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new DbxError(`Cannot write "${target}": another program has just made it`);
    }
    throw toDiskError(error, root.pathOf(target));
  }
}

/** Where the beginning of a file stays until the rest comes: the same for the same bytes. */
function partName(target: string, sha256: string, range: ByteRange | undefined): string {
  const which = range === undefined ? "" : `.${range.start}-${range.end}`;
  return nameIn(parentOf(target), `.${lastSegment(target).slice(0, 100)}.${sha256.slice(0, 16)}${which}.dbx-part`);
}

/** Hashes the first bytes of an open file. Returns how many there are. */
async function hashPart(
  file: Deno.FsFile,
  length: number,
  hash: ReturnType<typeof createHash>,
  signal: AbortSignal,
): Promise<number> {
  const buffer = new Uint8Array(PIECE);
  let at = 0;
  while (at < length) {
    signal.throwIfAborted();
    const count = await file.read(buffer.subarray(0, Math.min(PIECE, length - at)));
    if (count === null) break;
    hash.update(buffer.subarray(0, count));
    at += count;
  }
  return at;
}

async function hashOf(root: RootFolder, name: string, signal: AbortSignal): Promise<string> {
  using file = root.open(name);
  const hash = createHash("sha256");
  await hashPart(file, file.statSync().size, hash, signal);
  return hash.digest("hex");
}
