import { lastSegment, parentOf } from "../../../base/paths.ts";
import { DbxError, messageOf } from "../../../base/errors.ts";
import { FILES_LOG } from "../../../format/events/file_event.ts";
import { isRunFolder } from "../../../format/layout/name_tests.ts";
import { readAll } from "../../../fs/files/read_all.ts";
import { isSha256 } from "../../../format/json/special_values.ts";
import { classifyPath } from "../../../format/layout/file_kind.ts";
import { LOCAL_FOLDER, logNameOf, META_FILE, objectName, OBJECTS_FOLDER } from "../../../format/layout/names.ts";
import type { References } from "../../../format/layout/object_references.ts";
import { isGoing } from "../../../fs/folders/writable_folder.ts";
import { isAbsent, TEMPORARY_PREFIX, temporaryIn } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";
import { INCOMING } from "./uploads.ts";

/** Where an object stands while it is decided whether it goes. */
export const TRASH = `${LOCAL_FOLDER}/trash`;

/** What a crash left unfinished is removed after a day, in milliseconds; no process works on a file for as long. */
export const UNFINISHED_MS = 86_400_000;

/** Of a longer log `files`, in bytes, all versions count as kept: it is read as other logs are, piece by piece. */
const MAX_FILES_LOG = 256 * 1024 * 1024;

/** One thing below a folder. */
export interface Found {
  /** Relative to the root. */
  readonly name: string;
  /** `closed`: a folder that cannot be listed. Sockets and the like do not come. */
  readonly kind: "file" | "link" | "closed";
}

/**
 * All files below a folder, relative to the root; nothing where it is not there. Follows no link, but names it, also where
 * the folder itself is one. `enter`: which folders are looked into.
 */
export function* filesBelow(
  root: RootFolder,
  folder: string,
  enter: (name: string) => boolean = () => true,
): Generator<Found> {
  let entries: Deno.DirEntry[];
  try {
    entries = root.list(folder);
  } catch (error) {
    if (error instanceof LinkError) yield { name: error.link, kind: "link" };
    // A name whose bytes are not valid text is changed here, and no file has the changed name.
    else if (!isAbsent(error) || folder.includes("\ufffd")) yield { name: folder, kind: "closed" };
    return;
  }
  for (const entry of entries) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isSymlink) yield { name, kind: "link" };
    else if (entry.isFile) yield { name, kind: "file" };
    else if (entry.isDirectory && enter(name)) yield* filesBelow(root, name, enter);
  }
}

/** Not what begins with a dot, and not the objects. */
function mayHoldReferences(name: string): boolean {
  return name !== OBJECTS_FOLDER && !lastSegment(name).startsWith(".");
}

/**
 * What all definitions and logs below a folder refer to. `into`: which references those of a file belong to. What cannot
 * be read is named there: it may refer to anything. Gives way after each piece of at most 1 MiB.
 */
export function* readReferences(
  root: RootFolder,
  into: (name: string) => References,
  folder = "",
): Generator<void, void> {
  const buffer = new Uint8Array(1024 * 1024);
  for (const { name, kind } of filesBelow(root, folder, mayHoldReferences)) {
    yield;
    const hidden = lastSegment(name).startsWith(".") || name === OBJECTS_FOLDER;
    if (kind === "link" && !hidden) {
      into(name).addUnreadable(name, "a symbolic link, which is not followed");
    } else if (kind === "closed") into(name).addUnreadable(name, "a folder that cannot be listed");
    if (kind !== "file") continue;
    // Also where the folders above have names that the format does not allow.
    const last = lastSegment(name);
    if (last !== META_FILE && logNameOf(last) === undefined) continue;
    const references = into(name);
    try {
      using file = root.open(name);
      if (isFilesLog(name) && file.statSync().size <= MAX_FILES_LOG) {
        references.addFilesLog(name, readAll(file));
        continue;
      }
      for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
        references.add({ name, bytes: buffer.subarray(0, count), end: false });
        yield;
      }
      references.add({ name, bytes: buffer.subarray(0, 0), end: true });
    } catch (error) {
      references.addUnreadable(name, isAbsent(error) ? "it was removed while it was being read" : messageOf(error));
    }
  }
}

/** Whether a file is the log in which a run says which versions of its files need not be kept. */
function isFilesLog(name: string): boolean {
  return isRunFolder(parentOf(name)) && logNameOf(lastSegment(name)) === FILES_LOG;
}

/** The names of all objects. A link among them is skipped. */
export function* objectNames(root: RootFolder): Generator<string> {
  for (const { name, kind } of filesBelow(root, OBJECTS_FOLDER)) {
    if (kind === "file" && classifyPath(name) === "object") yield name;
  }
}

/**
 * Files that were being made when their writers died, `age` milliseconds ago, and what was being removed, however young. `now`:
 * by the clock of the file system.
 */
export function* unfinishedFiles(root: RootFolder, now: number, age = UNFINISHED_MS): Generator<string> {
  const isOld = (name: string): boolean => {
    try {
      return isGoing(name) || now - (root.lstat(name)?.mtime?.getTime() ?? now) > age;
    } catch {
      return false;
    }
  };
  for (const { name, kind } of filesBelow(root, INCOMING)) if (kind === "file" && isOld(name)) yield name;
  const folders: string[] = [];
  const enter = (folder: string): boolean => {
    if (lastSegment(folder).startsWith(TEMPORARY_PREFIX)) folders.push(folder);
    return !lastSegment(folder).startsWith(".");
  };
  for (const { name, kind } of filesBelow(root, "", enter)) {
    if (kind === "file" && lastSegment(name).startsWith(TEMPORARY_PREFIX) && isOld(name)) yield name;
  }
  yield* folders.filter(isOld);
}

/**
 * How far the clock of the file system is ahead of this machine's, in milliseconds: a file server may have another one.
 * 0 where nothing can be written.
 */
export function clockSkew(root: RootFolder): number {
  const name = temporaryIn(LOCAL_FOLDER);
  try {
    root.makeFolder(LOCAL_FOLDER);
    const before = Date.now();
    using file = root.open(name, { write: true, createNew: true });
    file.writeSync(new Uint8Array(1));
    const there = file.statSync().mtime?.getTime() ?? before;
    const after = Date.now();
    // Between the two nothing can be distinguished; neither can what is finer than the file system's clock.
    return there < before - 1000 ? there - before : there > after ? there - after : 0;
  } catch {
    return 0;
  } finally {
    try {
      root.remove(name);
    } catch {
      // It was not made.
    }
  }
}

/** When a file was last written, touched or given its name, by the clock of the file system. */
export function changedAt(info: Deno.FileInfo): number {
  return Math.max(info.mtime?.getTime() ?? 0, info.ctime?.getTime() ?? 0) || Infinity;
}

/** Objects that a collection which was killed left in its trash go back to their places: it had not decided yet. */
export function emptyTrash(root: RootFolder): void {
  for (const { name, kind } of filesBelow(root, TRASH)) {
    const hash = name.slice(-64);
    if (kind !== "file" || !isSha256(hash)) continue;
    const object = objectName(hash);
    try {
      root.makeFolder(parentOf(object));
      root.place(name, object);
      root.remove(name);
    } catch (error) {
      // The same contents were put again meanwhile, and are as good.
      if (error instanceof Deno.errors.AlreadyExists) root.remove(name);
      else if (!isAbsent(error)) throw error;
    }
  }
}

/** After so many milliseconds of waiting for another collection it is said. */
const WAIT_SAID_MS = 500;

/** Waits until no other collection works on this copy. Where files cannot be locked, nothing is waited for. */
export async function lockCollection(root: RootFolder, signal?: AbortSignal, onWait?: () => void): Promise<Disposable> {
  if (root.lstat(LOCAL_FOLDER)?.isSymlink) {
    throw new DbxError(
      `Cannot collect garbage in "${root.path}": its .dbx is a symbolic link, which dbx does not follow`,
    );
  }
  root.makeFolder(LOCAL_FOLDER);
  const file = root.open(`${LOCAL_FOLDER}/gc.lock`, { write: true, create: true });
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => onWait?.(), WAIT_SAID_MS);
  try {
    signal?.throwIfAborted();
    await Promise.race([file.lock(true), aborted.promise]);
  } catch (error) {
    if (signal?.aborted) {
      file.close();
      throw error;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
  return file;
}
