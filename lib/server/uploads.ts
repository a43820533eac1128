import { createHash } from "node:crypto";
import { objectName } from "../format/names.ts";
import { isAbsent, makeFolder, placeSync, removeSync, syncFolder } from "../store/files.ts";
import type { LocalStore } from "../store/local.ts";
import { INCOMING } from "../store/local_take.ts";

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
 * Adds a part to an upload. When all is there, what lies on the disk is hashed, and only then gets its name: whatever others
 * sent meanwhile, no object appears that is not what its name says. A lock keeps parts of one upload apart.
 */
export async function addPart(store: LocalStore, part: UploadPart): Promise<Upload> {
  const { sha256, upload, offset, size, bytes } = part;
  const name = objectName(sha256);
  if (await store.stat(name) !== undefined) return { size, state: "placed" };
  const path = pathOf(store, sha256, upload);
  if (offset === 0) removeLeft(store);
  using file = await openLocked(path);
  const there = (await file.stat()).size;
  if (there < offset) {
    if (there === 0) removeSync(path);
    return { size: there, state: "gap" };
  }
  // Whoever sends a part again may have meant other bytes the first time: the last word counts, and the hash decides.
  await file.truncate(offset);
  await file.seek(offset, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  const end = offset + bytes.length;
  if (end < size) return { size: end, state: "waiting" };
  if (await hashOf(file) !== sha256) {
    removeSync(path);
    return { size: 0, state: "damaged" };
  }
  await file.sync();
  const placed = store.path(name);
  const folder = placed.slice(0, placed.lastIndexOf("/"));
  makeFolder(folder);
  try {
    placeSync(path, placed);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // Somebody else placed it.
  }
  removeSync(path);
  syncFolder(folder);
  return { size, state: "placed" };
}

/** Bytes of an upload that have arrived. */
export function uploadedBytes(store: LocalStore, sha256: string, upload: string): number {
  try {
    return Deno.lstatSync(pathOf(store, sha256, upload)).size;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

function pathOf(store: LocalStore, sha256: string, upload: string): string {
  const name = `${INCOMING}/${sha256}.${upload}`;
  store.checkInside(name);
  return store.path(name);
}

/**
 * The file of an upload, which nobody else writes to meanwhile. Whoever waited for the lock may hold a file that has become an
 * object, and must not be written to any more.
 */
async function openLocked(path: string): Promise<Deno.FsFile> {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  while (true) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    try {
      // Not on this thread: the one that holds the lock may be a request of this server.
      await file.lock(true);
      const now = Deno.lstatSync(path);
      if (now.isFile && now.ino === (await file.stat()).ino) return file;
    } catch (error) {
      if (!isAbsent(error)) {
        file.close();
        throw error;
      }
    }
    file.close();
  }
}

async function hashOf(file: Deno.FsFile): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1024 * 1024);
  await file.seek(0, Deno.SeekMode.Start);
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    hash.update(buffer.subarray(0, count));
  }
  return hash.digest("hex");
}

/** Removes uploads that nobody goes on with. */
function removeLeft(store: LocalStore): void {
  const folder = store.path(INCOMING);
  try {
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (!isFile || !/^[0-9a-f]{64}\.[0-9a-z]+$/.test(name)) continue;
      const { mtime } = Deno.lstatSync(`${folder}/${name}`);
      if (mtime !== null && Date.now() - mtime.getTime() > LEFT_MS) removeSync(`${folder}/${name}`);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
