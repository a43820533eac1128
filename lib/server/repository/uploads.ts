import { areEqual } from "../../base/bytes.ts";
import { objectName } from "../../format/layout/names.ts";
import { isAbsent, temporaryIn } from "../../fs/files/file_operations.ts";
import { INCOMING } from "../../store/local/files/uploads.ts";
import type { WriteGuard } from "../../store/write_guard.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { placeObject } from "../../store/local/place_object.ts";
import { readAt } from "../../fs/files/last_line.ts";

/** What is known of an upload. */
export interface Upload {
  /** Bytes of the object that are there. */
  readonly size: number;
  /** `placed`: the object is there. `waiting`: more is to come. `gap`: something before is missing. `damaged`: other bytes. */
  readonly state: "placed" | "waiting" | "gap" | "damaged";
}

/** A part of an object on its way. */
export interface UploadPart {
  readonly sha256: string;
  /** Whose upload it is: `[0-9a-z]{1,64}`. Uploads of one object do not share what has arrived. */
  readonly upload: string;
  readonly offset: number;
  /** Of the whole object. */
  readonly size: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Milliseconds after which an upload that was left is removed. */
const LEFT_MS = 7 * 86_400_000;

/**
 * Adds a part to an upload. When it is complete, the bytes on disk are verified, and only then get their name: whatever
 * others sent meanwhile, no object appears that is not what its name says. A lock keeps parts of one upload apart.
 */
export async function addPart(store: LocalStore, part: UploadPart, guard: WriteGuard): Promise<Upload> {
  const { sha256, upload, offset, size, bytes } = part;
  guard.begin(objectName(sha256));
  if (await store.stat(objectName(sha256)) !== undefined) return { size, state: "placed" };
  const name = nameOf(sha256, upload);
  store.folder.makeFolder(INCOMING);
  if (offset === 0) removeLeft(store);
  const whole = temporaryIn(INCOMING);
  {
    using file = await openLocked(store, name);
    const there = (await file.stat()).size;
    if (there < offset) {
      if (there === 0) store.folder.remove(name);
      return { size: there, state: "gap" };
    }
    const isRepeated = there < size && offset + bytes.length <= there && bytes.length > 0 &&
      areEqual(readAt(file, offset, bytes.length), bytes);
    if (isRepeated) return { size: there, state: "waiting" };
    try {
      guard.part(objectName(sha256), Math.max(0, offset + bytes.length - there), there === 0);
    } catch (error) {
      if (there === 0) store.folder.remove(name);
      throw error;
    }
    // Nothing of it is an object yet: of other bytes than before the last word counts, and the hash decides.
    await file.truncate(offset);
    await file.seek(offset, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    const end = offset + bytes.length;
    if (end < size) return { size: end, state: "waiting" };
    // A process that waited for the lock finds another file of this name, or none.
    store.folder.rename(name, whole);
  }
  guard.file(objectName(sha256), undefined, () => store.folder.readFile(whole));
  const state = await placeObject(store, whole, sha256);
  return state === "damaged" ? { size: 0, state } : { size, state: "placed" };
}

/** Bytes of an upload that have arrived. */
export function uploadedBytes(store: LocalStore, sha256: string, upload: string): number {
  return store.folder.lstat(nameOf(sha256, upload))?.size ?? 0;
}

function nameOf(sha256: string, upload: string): string {
  return `${INCOMING}/${sha256}.${upload}`;
}

/**
 * The file of an upload, which no other process writes to meanwhile. A process that waited for the lock may hold a file
 * that has become an object, and must not be written to any more.
 */
async function openLocked(store: LocalStore, name: string): Promise<Deno.FsFile> {
  while (true) {
    const file = store.folder.open(name, { read: true, write: true, create: true });
    try {
      // Not on this thread: the one that holds the lock may be a request of this server.
      await file.lock(true);
      if (store.folder.lstat(name)?.ino === (await file.stat()).ino) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

/** Removes abandoned uploads. */
function removeLeft(store: LocalStore): void {
  try {
    for (const { name, isFile } of store.folder.list(INCOMING)) {
      if (!isFile || !/^[0-9a-f]{64}\.[0-9a-z]+$/.test(name)) continue;
      const time = store.folder.lstat(`${INCOMING}/${name}`)?.mtime?.getTime();
      if (time !== undefined && Date.now() - time > LEFT_MS) store.folder.remove(`${INCOMING}/${name}`);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
