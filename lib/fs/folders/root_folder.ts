import { parentOf } from "../../base/paths.ts";
import { DbxError } from "../../base/errors.ts";
import { WritableFolder } from "./writable_folder.ts";
import { removeSync, syncFolder, temporaryBeside } from "../files/file_operations.ts";
import { checkOnlyName } from "../links/hard_links.ts";
import { type Identity, isSame } from "../files/file_identity.ts";
import { lstatIfThere } from "../files/lstat.ts";
import { LinkError } from "../links/link_error.ts";
import { removeMisplacedFile } from "./misplaced.ts";
import { readAll } from "../files/read_all.ts";
import { shareNew } from "../access/shared_mode.ts";

/** How a file is opened. */
export interface OpenOptions extends Deno.OpenOptions {
  /** Whether a mode that is given yields to the bits of a shared repository. */
  readonly asShared?: boolean;
}

export type { Identity } from "../files/file_identity.ts";
export { HardLinkError, LinkError } from "../links/link_error.ts";

/** A file may be replaced between two looks at it, as those are that are renamed into place. */
const MAX_ATTEMPTS = 8;

/**
 * A folder, and everything below it by relative names. No symbolic link below it is followed: neither permissions nor
 * the system hold a process back from going through one, so the way is looked at before each access, and a file that was opened is
 * proved to be the one that was looked at. The root itself may be a link. Links that are met go to `links_met.ts`.
 * Names must be valid ones (`checkName` of the store).
 */
export class RootFolder extends WritableFolder {
  /**
   * Opens a file. `create`: makes it where it is not there (its folder must be); `createNew`: fails with
   * `Deno.errors.AlreadyExists` where it is. `asShared`: to the `mode` of a new file come
   * the bits of a shared repository. Throws {@linkcode LinkError} for a link, and `DbxError` for what is not a
   * regular file.
   */
  open(name: string, options: OpenOptions = { read: true }): Deno.FsFile {
    const path = this.pathOf(name);
    const { create = false, createNew = false, asShared: _, truncate = false, ...access } = options;
    for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
      const there = createNew ? undefined : lstatIfThere(path);
      // To open a regular file changes nothing, so that the way to it is proved afterwards.
      if (there !== undefined) this.checkFile(name, there);
      else {
        this.verify(parentOf(name));
        const made = create || createNew ? this.#make(name, options) : undefined;
        if (made !== undefined) return made;
        if (createNew) throw new Deno.errors.AlreadyExists(`"${name}" in ${this.path} exists (os error 17)`);
        if (create) continue;
      }
      let file: Deno.FsFile;
      try {
        file = Deno.openSync(path, access);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound && there !== undefined) continue;
        throw error;
      }
      try {
        const own = file.statSync();
        if (this.#leadsTo(name, own)) {
          if (access.write || access.append) checkOnlyName(file, own, this.pathOf(parentOf(name)), name);
          // Not before it is known to be the one that is meant.
          if (truncate) file.truncateSync();
          return file;
        }
      } catch (error) {
        file.close();
        throw error;
      }
      file.close();
    }
    throw new DbxError(`Cannot open "${name}": it keeps being replaced; try again later`);
  }

  /**
   * Creates a file under a name that cannot be guessed, verifies that it is where it should be, and only then gives it
   * its own. Undefined if that is taken.
   */
  #make(name: string, options: OpenOptions): Deno.FsFile | undefined {
    if (this.isUnforeseen(name)) return this.#makeProved(name, options);
    const temporary = temporaryBeside(name);
    let file: Deno.FsFile | undefined;
    try {
      file = this.#makeProved(temporary, options);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      // A process may hold a permission for this name only.
      return this.#makeProved(name, options);
    }
    if (file === undefined) return undefined;
    try {
      Deno.linkSync(this.pathOf(temporary), this.pathOf(name));
      if (this.#isMade(name, file)) return file;
      file.close();
      return undefined;
    } catch (error) {
      file.close();
      if (error instanceof Deno.errors.AlreadyExists) return undefined;
      if (error instanceof LinkError || error instanceof Deno.errors.NotFound) throw error;
      // Where there are no hard links, it is made under its own name.
      return this.#makeProved(name, options);
    } finally {
      removeSync(this.pathOf(temporary));
    }
  }

  #makeProved(name: string, options: OpenOptions): Deno.FsFile | undefined {
    const { create: _create, asShared = false, truncate: _truncate, ...access } = options;
    let file: Deno.FsFile;
    try {
      // This call follows no link that has the name itself.
      file = Deno.openSync(this.pathOf(name), { ...access, createNew: true });
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return undefined;
      throw error;
    }
    try {
      if (this.#isMade(name, file)) {
        if (options.mode === undefined || asShared) shareNew(this, name, "file");
        return file;
      }
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return undefined;
  }

  /** Whether a file that was just made stands where it should. Where it stands behind a link, it is removed again. */
  #isMade(name: string, file: Deno.FsFile): boolean {
    const made = file.statSync();
    try {
      if (this.isAt(name, made)) return true;
    } catch (error) {
      removeMisplacedFile(this.pathOf(name), made);
      throw error;
    }
    removeMisplacedFile(this.pathOf(name), made);
    return false;
  }

  /**
   * Whether a way without links leads to an open file: a folder or the file itself may have been swapped for a link between
   * the look and the opening.
   */
  #leadsTo(name: string, file: Deno.FileInfo): boolean {
    return file.isFile && this.isAt(name, file);
  }

  /**
   * Opens a file for reading that was looked at before, when no folder above it was a link: what is opened is proved to
   * be what was looked at, so that the way need not be looked at again. Undefined if it is another one by now.
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
}
