import { LOCAL_FOLDER, objectName } from "../../../format/layout/names.ts";
import { isAbsent, temporaryIn } from "../../../fs/files/file_operations.ts";
import { isSha256 } from "../../../format/json/special_values.ts";
import type { privacyOf } from "../../../format/layout/file_modes.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { FileEntry } from "../../store.ts";
import { readUpTo } from "../../../fs/files/last_line.ts";

/** How a new file is made. */
type Privacy = ReturnType<typeof privacyOf>;

/** Where the beginnings of large objects, and of other large files that come with their hash, stay until the rest comes. */
export const INCOMING = `${LOCAL_FOLDER}/incoming`;

/** Paths that uploads of this process are writing: a lock of a file holds between processes only where it can be tried. */
const claimed = new Map<string, PromiseWithResolvers<void>>();

/** The file of one upload, which no other process writes while it is open. */
export interface Upload extends Disposable {
  readonly file: Deno.FsFile;
  /** Relative to the root. */
  readonly name: string;
  /** What is there stays when the upload is cut, and a later one goes on. */
  readonly isKept: boolean;
}

/**
 * Opens the file for an upload from `offset` on, or says how many bytes there are, if fewer. `sha256`: of the whole file. One
 * upload at a time may write the file that can be resumed; others get one of their own, which begins with what is there.
 */
export function openUpload(
  root: RootFolder,
  sha256: string,
  offset: number,
  privacy: Privacy = {},
): Upload | { readonly there: number } {
  const shared = `${INCOMING}/${sha256}`;
  root.makeFolder(INCOMING);
  const own = claim(root, shared, privacy);
  if (own !== undefined) {
    const there = own.file.statSync().size;
    if (there < offset) {
      if (there === 0) root.remove(shared); // It was made just now.
      own[Symbol.dispose]();
      return { there };
    }
    own.file.truncateSync(offset);
    own.file.seekSync(offset, Deno.SeekMode.Start);
    return own;
  }
  const name = temporaryIn(INCOMING);
  const file = root.open(name, { read: true, write: true, createNew: true, ...privacy });
  const upload = { file, name, isKept: false, [Symbol.dispose]: () => file.close() };
  const there = offset === 0 ? 0 : copyBeginning(root, shared, file, offset);
  if (there === offset) return upload;
  file.close();
  root.remove(name);
  return { there };
}

/** Resolves when an upload of this process that is writing the file has ended; undefined where none is. */
export function uploadEnd(root: RootFolder, sha256: string): Promise<void> | undefined {
  return claimed.get(root.pathOf(`${INCOMING}/${sha256}`))?.promise;
}

function claim(root: RootFolder, name: string, privacy: Privacy): Upload | undefined {
  const path = root.pathOf(name);
  if (claimed.has(path)) return undefined;
  while (true) {
    const file = root.open(name, { read: true, write: true, create: true, ...privacy });
    // Older runtimes only have the lock that waits.
    if (typeof file.tryLockSync !== "function") file.lockSync(true);
    else if (!file.tryLockSync(true)) {
      file.close();
      return undefined;
    }
    // The upload that held the lock may have given the file its name, or removed it.
    if (root.lstat(name)?.ino !== file.statSync().ino) {
      file.close();
      continue;
    }
    const free = Promise.withResolvers<void>();
    claimed.set(path, free);
    const dispose = () => {
      claimed.delete(path);
      file.close();
      free.resolve();
    };
    return { file, name, isKept: true, [Symbol.dispose]: dispose };
  }
}

/** Copies the first bytes of a file to an open one; how many there were. */
function copyBeginning(root: RootFolder, name: string, to: Deno.FsFile, length: number): number {
  let copied = 0;
  try {
    using from = root.open(name);
    while (copied < length) {
      const bytes = readUpTo(from, Math.min(1024 * 1024, length - copied));
      if (bytes.length === 0) break;
      for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
      copied += bytes.length;
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return copied;
}

/** Files of which only the beginning has arrived in a copy, as objects of their hashes, and how much of them. */
export function partialObjects(root: RootFolder): FileEntry[] {
  const found: FileEntry[] = [];
  try {
    for (const { name, isFile } of root.list(INCOMING)) {
      if (!isFile || !isSha256(name)) continue;
      found.push({
        name: objectName(name),
        kind: "object",
        size: root.lstat(`${INCOMING}/${name}`)?.size ?? 0,
        partial: true,
      });
    }
  } catch {
    // There is no such folder.
  }
  return found;
}
