import { absent, lookOf, statOf } from "./files/file_stat.ts";
import { FolderChangedError, UnchangedFolders } from "../../fs/folders/unchanged_folders.ts";
import { entryOf } from "./files/entry_kind.ts";
import { LocalStore } from "./local_store.ts";
import type { Entry, Look, Stat } from "../store.ts";

/** A file that is longer, or comes when so many bytes are held, is read when it is asked for. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;
/** Of a folder with more in it nothing is held. */
const MAX_ENTRIES = 1000;

/** What a folder and those below it held at one moment. */
interface Held {
  readonly folder: string;
  /** By the names of folders. */
  readonly entries: Map<string, Entry[]>;
  /** Of all files and folders. */
  readonly infos: Map<string, Deno.FileInfo>;
  readonly bytes: Map<string, Uint8Array<ArrayBuffer>>;
  /** How many these are. */
  total: number;
}

/**
 * A store for code that reads the files of one folder several times: they are read once, and the way to them is proved
 * once. For one reader alone.
 */
export class PrefetchedStore extends LocalStore {
  #held: Held | undefined;

  /**
   * Reads all of a folder, and gives what it held then until it is disposed of. Nothing is held, and each call looks at the disk,
   * where a folder has changed just now, is large, or holds anything but files and folders.
   */
  hold(folder: string): Disposable {
    this.#held = undefined;
    const held: Held = { folder, entries: new Map(), infos: new Map(), bytes: new Map(), total: 0 };
    const folders = new UnchangedFolders(this.folder);
    try {
      this.folder.verify(folder);
      readFolder(folders, folder, held);
      folders.check();
      this.#held = held;
    } catch {
      // The code that reads it reports what is wrong.
    }
    return { [Symbol.dispose]: () => void (this.#held = undefined) };
  }

  #holds(name: string): Held | undefined {
    const held = this.#held;
    return held !== undefined && (name === held.folder || name.startsWith(`${held.folder}/`)) ? held : undefined;
  }

  override listNow(folder: string): Entry[] {
    const held = this.#holds(folder);
    return held === undefined ? super.listNow(folder) : held.entries.get(folder) ?? [];
  }

  override look(name: string): Look | undefined {
    const held = this.#holds(name);
    if (held === undefined) return super.look(name);
    const info = held.infos.get(name);
    return info && lookOf(info);
  }

  override stat(name: string): Promise<Stat | undefined> {
    const held = this.#holds(name);
    if (held === undefined) return super.stat(name);
    const info = held.infos.get(name);
    return Promise.resolve(info && statOf(info));
  }

  override readNow(name: string): Uint8Array<ArrayBuffer> {
    return this.#bytesOf(name) ?? super.readNow(name);
  }

  override read(
    name: string,
    options: { readonly offset?: number; readonly length?: number; readonly listed?: boolean } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { offset = 0, length = Infinity } = options;
    try {
      const bytes = this.#bytesOf(name)?.subarray(offset, offset + length);
      return bytes === undefined ? super.read(name, options) : Promise.resolve(bytes);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #bytesOf(name: string): Uint8Array<ArrayBuffer> | undefined {
    const held = this.#holds(name);
    if (held === undefined) return undefined;
    if (!held.infos.has(name)) throw absent(name, this.location);
    return held.bytes.get(name);
  }
}

function readFolder(folders: UnchangedFolders, folder: string, into: Held): void {
  into.infos.set(folder, folders.enter(folder));
  const entries = folders.list(folder);
  into.entries.set(folder, entries.map(entryOf));
  for (const { name, isFile, isDirectory } of entries) {
    const path = `${folder}/${name}`;
    if (into.infos.size >= MAX_ENTRIES || name.includes("\ufffd")) throw new FolderChangedError(path);
    if (isDirectory) readFolder(folders, path, into);
    else if (isFile) readFile(folders, path, into);
    else throw new FolderChangedError(path);
  }
}

function readFile(folders: UnchangedFolders, name: string, into: Held): void {
  const info = folders.look(name);
  into.infos.set(name, info);
  if (info.size > MAX_FILE_BYTES || into.total + info.size > MAX_BYTES) return;
  const own = new Uint8Array(info.size);
  if (folders.read(name, own) < info.size) throw new FolderChangedError(name);
  into.bytes.set(name, own);
  into.total += info.size;
}
