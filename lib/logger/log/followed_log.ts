import { readLinesSync } from "../../base/lines/line_pieces.ts";
import { NEWLINE } from "../../base/lines/lines_in.ts";
import { lstatBelow, openBelow } from "../../fs/folders/open_below.ts";
import { writeAllSync } from "../../fs/files/file_operations.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { readAt } from "../../fs/files/last_line.ts";
import { RunningHash } from "./running_hash.ts";

const PIECE = 1024 * 1024;

/** A file that was at the path, and how much of it is in the file that is there now. */
interface Removed {
  readonly file: Deno.FsFile;
  at: number;
}

/**
 * A log that others write, such as the child of `dbx run` through `DBX_LOG`. It is held open: when the file is removed,
 * what it held, and what a program that has it open writes to it later, is appended to the file that is at the path
 * then.
 */
export class FollowedLog implements Disposable {
  #file: Deno.FsFile;
  #ino: number | null;
  #hash = new RunningHash();
  #hashed = 0;
  readonly #removed: Removed[] = [];

  private constructor(readonly path: string, readonly root: RootFolder | undefined) {
    this.#file = this.#open();
    this.#ino = this.#file.statSync().ino;
  }

  /** Throws where there is no such file. `root`: a folder above, below which no link is followed. */
  static open(path: string, root?: RootFolder): FollowedLog {
    return new FollowedLog(path, root);
  }

  #open(options: Deno.OpenOptions = { read: true }): Deno.FsFile {
    return openBelow(this.root, this.path, options);
  }

  /**
   * Looks whether the file is still the one at its path, and brings over what is only in one that was removed. Its folder
   * must exist. Returns whether it was removed since the last look.
   */
  look(): boolean {
    const there = lstatBelow(this.root, this.path);
    const isGone = there === undefined || there.ino !== this.#ino;
    if (isGone && this.#file.statSync().nlink === 0) {
      this.#removed.push({ file: this.#file, at: there === undefined ? 0 : this.#alreadyThere() });
      this.#bringOver();
      this.#reopen();
      return true;
    }
    if (isGone && there !== undefined) this.#reopen();
    if (this.#removed.length > 0) this.#bringOver();
    return false;
  }

  /** The whole lines and their SHA-256. At most `budget` bytes that are new are read, a line at least. */
  seal(budget: number): { readonly size: number; readonly sha256: string } {
    const { size } = this.#file.statSync();
    if (size < this.#hashed) this.#startAgain();
    const end = this.#hashed + budget;
    for (const piece of wholeLines(this.#file, this.#hashed, size)) {
      this.#hash.update(piece);
      this.#hashed += piece.length;
      if (this.#hashed >= end) break;
    }
    return { size: this.#hashed, sha256: this.#hash.digest() };
  }

  [Symbol.dispose](): void {
    for (const { file } of [{ file: this.#file }, ...this.#removed]) {
      try {
        file.close();
      } catch {
        // It is closed already.
      }
    }
  }

  /** Bytes that the file at the path, which may be a copy, has in common with the one that was removed. */
  #alreadyThere(): number {
    using there = this.#open();
    const length = Math.min(there.statSync().size, this.#file.statSync().size);
    for (let at = 0; at < length;) {
      const [a, b] = [this.#file, there].map((file) => readAt(file, at, Math.min(PIECE, length - at)));
      if (a.length === 0 || a.length !== b.length || !a.every((byte, index) => byte === b[index])) return 0;
      at += a.length;
    }
    return length;
  }

  #startAgain(): void {
    this.#hash = new RunningHash();
    this.#hashed = 0;
  }

  #reopen(): void {
    const file = this.#open();
    if (!this.#removed.some((item) => item.file === this.#file)) this.#file.close();
    this.#file = file;
    const { ino } = file.statSync();
    this.#ino = ino;
    this.#startAgain();
  }

  #bringOver(): void {
    using target = this.#open({ read: true, append: true, create: true });
    for (const removed of this.#removed) {
      const { size } = removed.file.statSync();
      if (size <= removed.at) continue;
      const there = target.statSync().size;
      // Not into the middle of a line that another program writes at this moment.
      if (there > 0 && readAt(target, there - 1, 1)[0] !== NEWLINE) return;
      for (const piece of wholeLines(removed.file, removed.at, size)) {
        writeAllSync(target, piece);
        removed.at += piece.length;
      }
    }
  }
}

/** The whole lines from an offset on, piece by piece; a line that is still being written is left out. */
function* wholeLines(file: Deno.FsFile, offset: number, size: number): Generator<Uint8Array, void> {
  const range = { offset, size, length: PIECE };
  for (const { bytes } of readLinesSync(range, (span) => readAt(file, span.offset, span.length))) yield bytes;
}
