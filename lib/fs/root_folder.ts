import { DbxError } from "../base/errors.ts";
import { systemCode } from "./disk_error.ts";
import { isAbsent, placeSync, removeSync, syncFolder } from "./files.ts";
import { checkOnlyName } from "./hard_links.ts";
import { lstatIfThere } from "./look.ts";
import { parentOf, ProvedFolder } from "./proved_folder.ts";
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
export { parentOf } from "./proved_folder.ts";

/** The system's error of a folder that holds something. */
const NOT_EMPTY = 39;

/** A file may be replaced between two looks at it, as those are that are renamed into place. */
const MOST_TRIES = 8;

/**
 * A folder, and everything below it by relative names. No symbolic link below it is followed: neither permissions nor
 * the system hold a process back from going through one, so the way is looked at before each access, and a file that was opened is
 * proved to be the one that was looked at. The root itself may be a link. Links that are met go to `links_met.ts`.
 * Names must be valid ones (`checkName` of the store).
 */
export class RootFolder extends ProvedFolder {
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
      const there = createNew ? undefined : lstatIfThere(path);
      // To open a regular file changes nothing, so that the way to it is proved afterwards; what is made, is made there.
      if (there === undefined) this.verify(parentOf(name));
      else this.checkFile(name, there);
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
      if (!Deno.lstatSync(this.pathOf(name)).isDirectory) throw this.noFolder(name);
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
    this.checkFile(from, Deno.lstatSync(this.pathOf(from)));
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

  /** Removes a folder that holds nothing; whether there was one. */
  removeEmptyFolder(folder: string): boolean {
    try {
      if (this.list(folder).length > 0) return false;
      this.verify(folder);
      Deno.removeSync(this.pathOf(folder));
      return true;
    } catch (error) {
      if (isAbsent(error) || systemCode(error) === NOT_EMPTY) return false;
      throw error;
    }
  }

  /** Removes the folder itself with all that is in it. Where the root is a link, only that goes. */
  removeAll(): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
