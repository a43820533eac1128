import { TIMESTAMP_GRANULARITY_MS } from "../files/timestamps.ts";
import type { VerifiedFolder } from "../links/verified_folder.ts";

/**
 * A folder on the way changed, cannot be read, or changed so lately that its times prove nothing: it is to be read in
 * another way, which reports what is wrong, if anything is.
 */
export class FolderChangedError extends Error {
  constructor(readonly folder: string) {
    super(`"${folder}" is not still`);
  }
}

/**
 * Folders that do not change while they are read. A folder whose identity and times are the same before and after had
 * the same entries all the time, so that what was listed in it as a file or a folder was not a link when it was opened:
 * the way to each file need not be verified. Nothing that was read may be used before `check`.
 *
 * Only for disks that keep the time of each change of a folder, which nobody can set: see `change_times.ts`.
 */
export class UnchangedFolders {
  readonly #names: string[] = [];
  readonly #seen: Deno.FileInfo[] = [];

  /** `now`: the clock, in milliseconds since the Unix epoch. Default: that of the folder. */
  constructor(readonly root: VerifiedFolder, readonly now: () => number = root.now) {}

  /** Forgets all folders, and starts again. */
  begin(): void {
    this.#names.length = this.#seen.length = 0;
  }

  /**
   * Looks at a folder that an entry of the one above says is one, which was entered before, or is the root. Throws
   * {@linkcode FolderChangedError}.
   */
  enter(folder: string): Deno.FileInfo {
    const info = this.#look(folder);
    if (info === undefined || !isSettled(info, this.now())) throw new FolderChangedError(folder);
    this.#names.push(folder);
    this.#seen.push(info);
    return info;
  }

  /** What stands in a folder that was entered. Links are among it. */
  list(folder: string): Deno.DirEntry[] {
    try {
      return this.root.listProved(folder);
    } catch {
      throw new FolderChangedError(folder);
    }
  }

  /** What is known of a file in a folder that was entered. */
  look(name: string): Deno.FileInfo {
    try {
      const info = Deno.lstatSync(this.root.pathOf(name));
      if (info.isFile) return info;
    } catch {
      // The code that looks at it in another way reports why.
    }
    throw new FolderChangedError(name);
  }

  /** Reads a file from its start, as much as there is room for: how many bytes. Its folder was entered, and lists it as a file. */
  read(name: string, into: Uint8Array): number {
    try {
      using file = Deno.openSync(this.root.pathOf(name));
      let filled = 0;
      // Of a file on a disk, less than was asked for is all.
      for (let asked = into.length; filled < into.length;) {
        const count = file.readSync(into.subarray(filled));
        if (count === null) break;
        filled += count;
        if (count < asked) break;
        asked = into.length - filled;
      }
      return filled;
    } catch {
      throw new FolderChangedError(name);
    }
  }

  /** Throws {@linkcode FolderChangedError} where a folder that was entered is not as it was. */
  check(): void {
    for (let at = this.#names.length - 1; at >= 0; at--) {
      const [before, now] = [this.#seen[at], this.#look(this.#names[at])];
      if (now === undefined || !isSame(before, now)) throw new FolderChangedError(this.#names[at]);
    }
  }

  #look(folder: string): Deno.FileInfo | undefined {
    try {
      const info = Deno.lstatSync(this.root.pathOf(folder));
      return info.isDirectory && !info.isSymlink ? info : undefined;
    } catch {
      return undefined;
    }
  }
}

function isSettled({ mtime, ctime }: Deno.FileInfo, now: number): boolean {
  return mtime !== null && ctime != null &&
    now - Math.max(mtime.getTime(), ctime.getTime()) >= TIMESTAMP_GRANULARITY_MS;
}

function isSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.mtime!.getTime() === b.mtime?.getTime() &&
    a.ctime!.getTime() === b.ctime?.getTime();
}
