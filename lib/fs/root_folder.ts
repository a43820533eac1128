import { DbxError } from "../base/errors.ts";
import { isAbsent, placeSync, removeSync, syncFolder } from "./files.ts";
import { checkOnlyName } from "./hard_links.ts";
import { LinkError } from "./link_error.ts";
import { lstatIfThere } from "./look.ts";
import { meetLink } from "./links_met.ts";
import { readAll } from "./read_all.ts";
import { shareNew } from "./shared_mode.ts";

/** Which file or folder a path leads to. */
export interface Identity {
  readonly dev: number;
  readonly ino: number | null;
}

/** How a file is opened. */
export interface OpenOptions extends Deno.OpenOptions {
  /** Whether a mode that is given yields to the bits of a shared repository. */
  readonly asShared?: boolean;
}

export { HardLinkError, LinkError } from "./link_error.ts";

/** A file may be replaced between two looks at it, as those are that are renamed into place. */
const MOST_TRIES = 8;

/**
 * A folder, and everything below it by relative names. No symbolic link below it is followed: neither permissions nor
 * the system hold a process back from going through one, so the way is looked at before each access, and a file that was opened is
 * proved to be the one that was looked at. The root itself may be a link. Links that are met go to `links_met.ts`.
 * Names must be valid ones (`checkName` of the store).
 */
export class RootFolder {
  /** The path of the root without any links. */
  #real: string | undefined;

  /** `path`: absolute. */
  constructor(readonly path: string) {}

  /** The absolute path of a name; `""` is the root. */
  pathOf(name: string): string {
    return name === "" ? this.path : `${this.path}/${name}`;
  }

  /**
   * Throws {@linkcode LinkError} where a folder or one above it is a link, and `Deno.errors.NotFound` where it is not there.
   */
  verify(folder: string): void {
    if (folder === "") return;
    try {
      // One call tells of all folders on the way: where none is a link, the real path is the path.
      this.#real ??= Deno.realPathSync(this.path);
      if (Deno.realPathSync(this.pathOf(folder)) === `${this.#real}/${folder}`) return;
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    // Something is not there, or the system writes names in its own way.
    this.#walk(folder);
  }

  #walk(folder: string): void {
    if (folder === "") return;
    this.#walk(parentOf(folder));
    const info = Deno.lstatSync(this.pathOf(folder));
    if (info.isSymlink) throw this.#link(folder);
    if (!info.isDirectory) throw this.#noFolder(folder);
  }

  #noFolder(folder: string): Error {
    return new Deno.errors.NotADirectory(`"${folder}" in ${this.path} is a file where a folder should be`);
  }

  /**
   * What stands in a folder of which a walk from the root has proved each folder above, and that it is a folder itself.
   * Links are among it.
   */
  listProved(folder: string): Deno.DirEntry[] {
    return Array.from(Deno.readDirSync(this.pathOf(folder)));
  }

  /**
   * What is known of a name of which such a walk has proved the folders above; a link is shown as one, and is met. Undefined
   * where there is nothing.
   */
  look(name: string): Deno.FileInfo | undefined {
    try {
      if (name === "") return Deno.statSync(this.path);
      const info = Deno.lstatSync(`${this.path}/${name}`);
      if (info.isSymlink) this.#link(name);
      return info;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** What stands in a folder. Links are among it, and count as met unless their names begin with a dot. */
  list(folder: string): Deno.DirEntry[] {
    this.verify(folder);
    const entries = Array.from(Deno.readDirSync(this.pathOf(folder)));
    this.verify(folder);
    for (const { isSymlink, name } of entries) {
      if (isSymlink && !name.startsWith(".")) this.#link(folder === "" ? name : `${folder}/${name}`);
    }
    return entries;
  }

  /** What is known of a file or folder; a link is shown as one. Undefined where there is nothing. */
  lstat(name: string): Deno.FileInfo | undefined {
    try {
      if (name === "") return Deno.statSync(this.path);
      this.verify(parentOf(name));
      const info = Deno.lstatSync(this.pathOf(name));
      if (info.isSymlink) this.#link(name);
      return info;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /**
   * Opens a file. `create`: makes it where it is not there (its folder must be); `createNew`: fails with
   * `Deno.errors.AlreadyExists` where it is. `asShared`: to the `mode` of a new file come
   * the bits of a shared repository. Throws {@linkcode LinkError} for a link, and `DbxError` for what is not a
   * regular file.
   */
  open(name: string, options: OpenOptions = { read: true }): Deno.FsFile {
    const path = this.pathOf(name);
    const { create = false, createNew = false, asShared = false, truncate = false, ...access } = options;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      this.verify(parentOf(name));
      const there = createNew ? undefined : lstatIfThere(path);
      if (there !== undefined) this.#checkFile(name, there);
      const isNew = there === undefined && (create || createNew);
      let file: Deno.FsFile;
      try {
        // A new one is made by a call that follows no link.
        file = Deno.openSync(path, { ...access, createNew: isNew });
      } catch (error) {
        if (error instanceof Deno.errors.AlreadyExists && !createNew) continue;
        if (error instanceof Deno.errors.NotFound && there !== undefined) continue;
        throw error;
      }
      try {
        const own = file.statSync();
        if (this.#leadsTo(name, own)) {
          if (access.write || access.append) checkOnlyName(file, own, this.pathOf(parentOf(name)), name);
          // Not before it is known to be the one that is meant.
          if (truncate) file.truncateSync();
          if (isNew && (options.mode === undefined || asShared)) shareNew(this.path, path, "file");
          return file;
        }
      } catch (error) {
        file.close();
        throw error;
      }
      file.close();
    }
    throw new DbxError(`Cannot open "${name}": it is replaced again and again; try again later`);
  }

  /**
   * Whether a way without links leads to an open file: a folder or the file itself may have been swapped for a link between
   * the look and the opening.
   */
  #leadsTo(name: string, file: Deno.FileInfo): boolean {
    const there = lstatIfThere(this.pathOf(name));
    if (there === undefined || !there.isFile || !isSame(there, file)) return false;
    this.verify(parentOf(name));
    return true;
  }

  /**
   * Opens a file for reading that was looked at before, when no folder above it was a link: what is opened is proved to be what
   * was looked at, so that the way need not be looked at again. Undefined where it is another one by now.
   */
  openSeen(name: string, seen: Identity): Deno.FsFile | undefined {
    const file = Deno.openSync(this.pathOf(name));
    try {
      if (isSame(seen, file.statSync())) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return undefined;
  }

  /** All of a file. Throws as `open` does. */
  readFile(name: string): Uint8Array<ArrayBuffer> {
    using file = this.open(name);
    return readAll(file);
  }

  /** All of a file, as text. */
  readText(name: string): string {
    return new TextDecoder().decode(this.readFile(name));
  }

  /** Makes a folder and those above it, each one durably; the root too. */
  makeFolder(folder: string): void {
    for (const changed of this.makeFolderLater(folder)) syncFolder(this.pathOf(changed));
  }

  /** The same, but not durably yet: the names of the folders that the caller has to sync. */
  makeFolderLater(folder: string): string[] {
    if (folder === "") {
      if (this.lstat("") === undefined) Deno.mkdirSync(this.path, { recursive: true });
      return [];
    }
    const made: string[] = [];
    for (let name = folder; name !== "" && !this.#isFolder(name); name = parentOf(name)) made.push(name);
    if (made.length === 0) return [];
    // At once: a process may hold a permission for the last folder only.
    Deno.mkdirSync(this.pathOf(folder), { recursive: true });
    this.verify(folder);
    for (const name of made) shareNew(this.path, this.pathOf(name), "folder");
    return made.map(parentOf);
  }

  #isFolder(name: string): boolean {
    try {
      this.verify(name);
      if (!Deno.lstatSync(this.pathOf(name)).isDirectory) throw this.#noFolder(name);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /** Removes a file, if it is there. A link is removed itself, never what it points to. */
  remove(name: string): void {
    try {
      this.verify(parentOf(name));
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    removeSync(this.pathOf(name));
  }

  /** The path of the root without symbolic links, or the path as it was given where it may not be seen. */
  realPath(): string {
    try {
      return Deno.realPathSync(this.path);
    } catch {
      return this.path;
    }
  }

  /** Makes the names in a folder durable. */
  syncNames(folder: string): void {
    syncFolder(this.pathOf(folder));
  }

  /** Makes the names in a folder durable, beside others: the system then does many at once. */
  async sync(folder: string): Promise<void> {
    try {
      this.verify(folder);
      using open = await Deno.open(this.pathOf(folder));
      await open.sync();
    } catch {
      // Not every system can sync a folder, and the files themselves are on the disk.
    }
  }

  /** Gives a file another name, which may be taken by a file. Throws as `open` does. */
  rename(from: string, to: string): void {
    this.#verifyMove(from, to);
    Deno.renameSync(this.pathOf(from), this.pathOf(to));
  }

  /** Gives a file a second name. Throws `Deno.errors.AlreadyExists` where that is taken, and as `open` does. */
  place(from: string, to: string): void {
    this.#verifyMove(from, to);
    placeSync(this.pathOf(from), this.pathOf(to));
  }

  #verifyMove(from: string, to: string): void {
    this.verify(parentOf(from));
    this.verify(parentOf(to));
    this.#checkFile(from, Deno.lstatSync(this.pathOf(from)));
  }

  /** Removes a folder with all that is in it, if it is there. Links in it go, not what they point to. */
  removeFolder(folder: string): void {
    try {
      this.verify(folder);
      Deno.removeSync(this.pathOf(folder), { recursive: true });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  /** Removes the folder itself with all that is in it. Where the root is a link, only that goes. */
  removeAll(): void {
    Deno.removeSync(this.path, { recursive: true });
  }

  #checkFile(name: string, info: Deno.FileInfo): void {
    if (info.isFile) return;
    if (info.isSymlink) throw this.#link(name);
    const what = info.isDirectory ? "a folder where a file should be" : "not a regular file";
    throw new DbxError(`Cannot open "${name}" in ${this.path}: it is ${what}`);
  }

  #link(name: string): LinkError {
    meetLink(this.pathOf(name));
    return new LinkError(name);
  }
}

/** The folder that a name stands in: `""` for the top. */
export function parentOf(name: string): string {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? "" : name.slice(0, slash);
}

function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
