import { parentOf } from "../../base/paths.ts";
import { DbxError } from "../../base/errors.ts";
import { isAbsent } from "../files/file_operations.ts";
import { LinkError } from "./link_error.ts";
import { meetLink } from "./links_met.ts";

/**
 * A folder, and what can be looked at below it by relative names. No symbolic link below it is followed. The root itself may
 * be a link. Links that are met go to `links_met.ts`.
 */
export class VerifiedFolder {
  /** The path of the root without any links. */
  #real: string | undefined;

  /** `path`: absolute. `now`: the clock that the times of files are held against, in milliseconds since the Unix epoch. */
  constructor(readonly path: string, readonly now: () => number = Date.now) {}

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
      // One call checks all folders on the way: if none is a link, the real path is the path.
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
    if (info.isSymlink) throw this.meet(folder);
    if (!info.isDirectory) throw this.noFolder(folder);
  }

  protected noFolder(folder: string): Error {
    return new Deno.errors.NotADirectory(
      `Cannot use "${folder}" in ${this.path}: it is a file where a folder should be`,
    );
  }

  /**
   * What stands in a folder of which a walk from the root has proved each folder above, and that it is a folder itself.
   * Links are among it.
   */
  listProved(folder: string): Deno.DirEntry[] {
    return Array.from(Deno.readDirSync(this.pathOf(folder)));
  }

  /**
   * What is known of a name of which such a walk has proved the folders above; a link is shown as one, and is met.
   * Undefined if there is nothing.
   */
  look(name: string): Deno.FileInfo | undefined {
    try {
      if (name === "") return Deno.statSync(this.path);
      const info = Deno.lstatSync(`${this.path}/${name}`);
      if (info.isSymlink) this.meet(name);
      return info;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** What stands in a folder. Links are among it, and count as met unless their names begin with a dot. */
  list(folder: string): Deno.DirEntry[] {
    let entries: Deno.DirEntry[];
    try {
      entries = Array.from(Deno.readDirSync(this.pathOf(folder)));
    } finally {
      // To list changes nothing: the way is verified before anything is returned, even an error.
      this.verify(folder);
    }
    for (const { isSymlink, name } of entries) {
      if (isSymlink && !name.startsWith(".")) this.meet(folder === "" ? name : `${folder}/${name}`);
    }
    return entries;
  }

  /** What is known of a file or folder; a link is shown as one. Undefined if there is nothing. */
  lstat(name: string): Deno.FileInfo | undefined {
    try {
      if (name === "") return Deno.statSync(this.path);
      this.verify(parentOf(name));
      const info = Deno.lstatSync(this.pathOf(name));
      if (info.isSymlink) this.meet(name);
      return info;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** The path of the root without symbolic links, or the path as it was given where it may not be seen. */
  realPath(): string {
    try {
      return Deno.realPathSync(this.path);
    } catch {
      return this.path;
    }
  }

  protected checkFile(name: string, info: Deno.FileInfo): void {
    if (info.isFile) return;
    if (info.isSymlink) throw this.meet(name);
    const what = info.isDirectory ? "a folder where a file should be" : "not a regular file";
    throw new DbxError(`Cannot open "${name}" in ${this.path}: it is ${what}`);
  }

  protected meet(name: string): LinkError {
    meetLink(this.pathOf(name));
    return new LinkError(name);
  }
}
