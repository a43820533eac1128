import { createHash } from "node:crypto";
import { parentOf } from "../../base/paths.ts";
import { objectName, OBJECTS_FOLDER } from "../../format/layout/names.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { copyIn, linkIn } from "../../fs/files/copy_in.ts";
import { isAbsent, temporaryIn } from "../../fs/files/file_operations.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";
import { touchObject } from "./files/touch_object.ts";
import type { LocalStore } from "./local_store.ts";
import type { StoredObject } from "./objects.ts";

/** Bytes that are hashed at once. */
const PIECE = 1024 * 1024;

/** How a file is kept. */
export interface KeepFileOptions {
  /**
   * The name of the file below the store, of which nobody writes any more: its bytes get a second name, and are not
   * copied. Whoever keeps it removes the first one then.
   */
  readonly link?: string;
  readonly signal?: AbortSignal;
}

/**
 * Keeps the contents of a file of this machine under their SHA-256, as they are at one moment: undefined where it is
 * changed or removed meanwhile. What is written to the file afterwards does not change what was kept.
 *
 * @param path Absolute. Of a symbolic link, nothing is kept.
 */
export async function keepFile(
  store: LocalStore,
  path: string,
  { link, signal }: KeepFileOptions = {},
): Promise<StoredObject | undefined> {
  const before = lstatIfThere(path);
  if (before?.isFile !== true) return undefined;
  const temporary = temporaryIn(OBJECTS_FOLDER);
  try {
    store.folder.makeFolder(OBJECTS_FOLDER);
    if (link === undefined) await copyIn(store.folder, path, temporary);
    else linkIn(store.folder, link, temporary);
    signal?.throwIfAborted();
    if (!isUnchanged(path, before)) return undefined;
    // A link shows what is written later, so that it was hashed too early then.
    return await place(store, temporary, () => link === undefined || isUnchanged(path, before), signal);
  } catch (error) {
    if (isAbsent(error) && lstatIfThere(path) === undefined) return undefined;
    throw toDiskError(error, store.path(temporary));
  } finally {
    store.folder.remove(temporary);
  }
}

/** Gives a temporary file the name of an object, by what lies on the disk: undefined where its hash is no longer true. */
async function place(
  store: LocalStore,
  temporary: string,
  isTrue: () => boolean,
  signal?: AbortSignal,
): Promise<StoredObject | undefined> {
  using file = store.folder.open(temporary);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(PIECE);
  let size = 0;
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    signal?.throwIfAborted();
    hash.update(buffer.subarray(0, count));
    size += count;
  }
  const sha256 = hash.digest("hex");
  const name = objectName(sha256);
  // Before the object gets a new time: it may be the same file, linked by a process that died before it could name it.
  if (!isTrue()) return undefined;
  if (touchObject(store.folder, name)) return { sha256, size };
  await file.sync();
  store.folder.makeFolder(parentOf(name));
  try {
    store.folder.place(temporary, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  store.folder.syncNames(parentOf(name));
  return isTrue() ? { sha256, size } : undefined;
}

function isUnchanged(path: string, before: Deno.FileInfo): boolean {
  const now = lstatIfThere(path);
  return now?.isFile === true && now.size === before.size && now.ino === before.ino &&
    now.mtime?.getTime() === before.mtime?.getTime();
}
