import { pause } from "../../../base/time.ts";
import { createHash } from "node:crypto";
import { type DerivedFolder, derivedFolder } from "../../../fs/folders/derived_folder.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";

/** The file that says of which purges a folder knows. */
const STAMP = "purged";
/** The lock of who writes an index. */
const LOCK = "lock";

/** What holds nothing of any experiment: the lock, the stamp, and when the copy was compared with others. */
const KEPT: readonly string[] = [LOCK, STAMP, "compared"];

/** Milliseconds to wait for who writes an index; one that goes on longer finds out itself that it is of no more use. */
const LOCK_TIMEOUT_MS = 10_000;

/** What stands for some purges; nothing where there are none. */
export function stampOf(ids: Iterable<string>): string {
  const sorted = [...ids].sort();
  return sorted.length === 0 ? "" : createHash("sha256").update(sorted.join("\n")).digest("hex").slice(0, 32);
}

/** Of which purges a folder that holds what is derived from a repository knows. */
export function readStamp(folder: DerivedFolder): string {
  try {
    return folder.lstat(STAMP)?.isFile ? folder.readText(STAMP).trim() : "";
  } catch (error) {
    // A user who may not read there cannot see anything of it either.
    if (isAbsent(error) || isClosed(error)) return "";
    throw error;
  }
}

/**
 * Empties a folder (an absolute path) that holds what is derived from a repository, an index and a catalogue, where
 * that was made before the purges that a stamp stands for. A program that continues to write what it read before finds
 * another stamp, and stops.
 */
export async function renewDerived(path: string, stamp: string, signal?: AbortSignal): Promise<boolean> {
  const folder = derivedFolder(path);
  try {
    if (readStamp(folder) === stamp) return false;
    await emptyDerived(path, stamp, signal);
    return true;
  } catch (error) {
    // It belongs to another user, who does so, or to a user who may not write there.
    if (signal?.aborted || !isClosed(error)) throw error;
    return false;
  }
}

/** The same whatever the folder knows. */
export async function emptyDerived(path: string, stamp: string, signal?: AbortSignal): Promise<void> {
  const folder = derivedFolder(path);
  if (stamp !== "") folder.make();
  else if (folder.lstat("") === undefined) return;
  using _lock = await lock(folder, signal);
  if (stamp !== "") folder.replace(STAMP, stamp + "\n");
  else folder.remove(STAMP);
  for (const { name, isDirectory } of folder.list()) {
    if (KEPT.includes(name)) continue;
    if (isDirectory) folder.root.removeFolder(folder.nameOf(name));
    else folder.remove(name);
  }
}

/** Waits for who writes there, for a while. */
async function lock(folder: DerivedFolder, signal?: AbortSignal): Promise<Disposable> {
  const file = folder.open(LOCK, { write: true, create: true });
  try {
    const late = Date.now() + LOCK_TIMEOUT_MS;
    // Older runtimes only have the lock that waits.
    if (typeof file.tryLockSync !== "function") await file.lock(true);
    else {
      while (!file.tryLockSync(true) && Date.now() < late) {
        await pause(20);
        signal?.throwIfAborted();
      }
    }
  } catch (error) {
    if (signal?.aborted) {
      file.close();
      throw error;
    }
    // A file system without locks.
  }
  return file;
}

function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable ||
    (error instanceof Error && /Read-only file system/.test(error.message));
}
