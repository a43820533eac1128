import { countLines, NEWLINE } from "../../base/lines/lines_in.ts";
import { lstatBelow, openBelow } from "../../fs/folders/open_below.ts";
import { writeAllSync } from "../../fs/files/file_operations.ts";
import { folderOf, isGone } from "../../fs/files/lstat.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { endOfLastLine, readUpTo } from "../../fs/files/last_line.ts";
import { RunningHash } from "./running_hash.ts";

const PIECE = 1024 * 1024;

/** What happened to a log's file behind its writer's back, and what became of it. */
export interface Change {
  readonly kind: "removed" | "replaced" | "shortened" | "moved";
  /** Lines that were in the file, and now are nowhere. */
  readonly lost: number;
}

/**
 * The open file of a log: appends whole lines, knows how long it must be and what its bytes hash to, and notices when
 * the file at its path is another one or shorter. While a file that was removed is open its bytes are still there, so
 * they are written to the new one.
 */
export class LogFile {
  #file: Deno.FsFile;
  #length: number;
  #lines = 0;
  #hash: RunningHash | undefined;
  #isShared = false;
  #hasTornTail = false;
  #isMoved = false;

  private constructor(readonly path: string, readonly root: RootFolder | undefined) {
    this.#file = this.#open({ create: true });
    this.#length = cutTornTail(this.#file);
  }

  /**
   * Opens a log, or makes it, and cuts off a torn last line. Its folder must exist. `root`: a folder above, below which no
   * link is followed.
   */
  static open(path: string, root?: RootFolder): LogFile {
    return new LogFile(path, root);
  }

  #open(how: Deno.OpenOptions): Deno.FsFile {
    return openBelow(this.root, this.path, { read: true, append: true, ...how });
  }

  /** Appends so many lines. Returns how many bytes were kept, which are whole lines, and why it was not all of them. */
  append(bytes: Uint8Array, lines: number): { readonly kept: number; readonly error?: unknown } {
    let written = 0;
    try {
      this.#takeBack();
      while (written < bytes.length) {
        written += this.#file.writeSync(written === 0 ? bytes : bytes.subarray(written));
      }
      this.#keep(bytes, lines);
      return { kept: written };
    } catch (error) {
      const whole = written === 0 ? 0 : bytes.lastIndexOf(NEWLINE, written - 1) + 1;
      this.#keep(bytes.subarray(0, whole), countLines(bytes.subarray(0, whole)));
      this.#hasTornTail = whole < written;
      try {
        this.#takeBack();
      } catch {
        // It is tried again before the next line.
      }
      return { kept: whole, error };
    }
  }

  /**
   * Looks whether the file is still the one at its path and as long as it must be, and repairs that: `restore` makes
   * its folder again. Returns what had happened. Throws if it cannot be mended now.
   */
  look(restore: () => void): Change | undefined {
    const own = this.#file.statSync();
    let there: Deno.FileInfo | undefined;
    try {
      there = lstatBelow(this.root, this.path);
    } catch {
      return undefined; // Whether it exists is unknown at present.
    }
    if (there === undefined) {
      // A folder that was moved takes the open file along: what is written is where the others are.
      if ((own.nlink ?? 0) > 0 && isGone(folderOf(this.path))) return this.#noteMove();
      restore();
      return this.#makeAgain();
    }
    this.#isMoved = false;
    if (there.ino !== own.ino || there.dev !== own.dev) return this.#goOnIn(there);
    if (own.size < this.#length) return this.#shorten();
    if (own.size > this.#length && !this.#hasTornTail) this.#isShared = true;
    return undefined;
  }

  /**
   * The bytes that were kept and their SHA-256; undefined where others write the file too. Throws if it cannot be read.
   */
  seal(): { readonly size: number; readonly sha256: string } | undefined {
    return this.#isShared ? undefined : { size: this.#length, sha256: this.hashWith() };
  }

  /** The SHA-256 of the bytes that were kept, followed by some more. */
  hashWith(more?: Uint8Array): string {
    this.#hash ??= this.#hashed(this.#length);
    return this.#hash.digest(more);
  }

  /** Bytes that were kept. */
  get length(): number {
    return this.#length;
  }

  /** Lines that were appended here and are in the file. */
  get lines(): number {
    return this.#lines;
  }

  /** Whether the open file can still be asked about. */
  isUsable(): boolean {
    try {
      this.#file.statSync();
      return true;
    } catch {
      return false;
    }
  }

  sync(): void {
    this.#file.syncSync();
  }

  close(): void {
    this.#file.close();
  }

  #keep(bytes: Uint8Array, lines: number): void {
    if (bytes.length === 0) return;
    this.#hash?.update(bytes);
    this.#length += bytes.length;
    this.#lines += lines;
  }

  /** Cuts off the part of a line that a failed write left. */
  #takeBack(): void {
    if (!this.#hasTornTail) return;
    this.#file.truncateSync(this.#length);
    this.#hasTornTail = false;
  }

  #noteMove(): Change | undefined {
    if (this.#isMoved) return undefined;
    this.#isMoved = true;
    return { kind: "moved", lost: 0 };
  }

  #makeAgain(): Change {
    const fresh = this.#open({ createNew: true });
    return { kind: "removed", lost: this.#moveTo(fresh, 0) };
  }

  /** Another file has the place: one that holds the beginning of this log is completed, any other one is continued. */
  #goOnIn(there: Deno.FileInfo): Change {
    if (!there.isFile) throw new Error("something that is not a file is in its place");
    const fresh = this.#open({});
    try {
      const whole = cutTornTail(fresh);
      const lines = this.#lines;
      if (isSameUpTo(this.#file, fresh, Math.min(whole, this.#length))) {
        if (whole <= this.#length) return { kind: "replaced", lost: this.#moveTo(fresh, whole) };
        this.#adopt(fresh, whole, lines);
        this.#isShared = true;
        return { kind: "replaced", lost: 0 };
      }
      this.#adopt(fresh, whole, 0);
      this.#isShared = true;
      return { kind: "replaced", lost: lines };
    } catch (error) {
      if (this.#file !== fresh) fresh.close();
      throw error;
    }
  }

  #shorten(): Change {
    const before = this.#lines;
    this.#length = cutTornTail(this.#file);
    this.#hash = undefined;
    this.#lines = Math.min(before, countLinesOf(this.#file, this.#length));
    return { kind: "shortened", lost: before - this.#lines };
  }

  /** Writes what this file holds from an offset on to another one, which takes its place. Returns how many lines are lost. */
  #moveTo(fresh: Deno.FsFile, from: number): number {
    try {
      let at = from;
      try {
        for (const piece of pieces(this.#file, from, this.#length)) {
          writeAllSync(fresh, piece);
          at += piece.length;
        }
      } catch (error) {
        if (at === from) throw error;
      }
      if (at === this.#length) {
        this.#adopt(fresh, this.#length, this.#lines, this.#hash);
        return 0;
      }
      const before = this.#lines;
      const whole = cutTornTail(fresh);
      this.#adopt(fresh, whole, countLinesOf(fresh, whole));
      return Math.max(0, before - this.#lines);
    } catch (error) {
      if (this.#file !== fresh) fresh.close();
      throw error;
    }
  }

  #adopt(file: Deno.FsFile, length: number, lines: number, hash?: RunningHash): void {
    try {
      this.#file.close();
    } catch {
      // It is of no more use in any case.
    }
    this.#file = file;
    this.#length = length;
    this.#lines = lines;
    this.#hash = hash;
    this.#hasTornTail = false;
  }

  #hashed(length: number): RunningHash {
    const hash = new RunningHash();
    for (const piece of pieces(this.#file, 0, length)) hash.update(piece);
    return hash;
  }
}

/** Cuts off what follows the last line feed. Returns how long the file is then. */
function cutTornTail(file: Deno.FsFile): number {
  const size = file.statSync().size;
  const whole = endOfLastLine(file, size);
  if (whole < size) file.truncateSync(whole);
  return whole;
}

function* pieces(file: Deno.FsFile, from: number, to: number): Generator<Uint8Array, void> {
  for (let at = from; at < to;) {
    file.seekSync(at, Deno.SeekMode.Start);
    const piece = readUpTo(file, Math.min(PIECE, to - at));
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

function countLinesOf(file: Deno.FsFile, length: number): number {
  let count = 0;
  for (const piece of pieces(file, 0, length)) count += countLines(piece);
  return count;
}

function isSameUpTo(a: Deno.FsFile, b: Deno.FsFile, length: number): boolean {
  const others = pieces(b, 0, length);
  for (const piece of pieces(a, 0, length)) {
    const { value } = others.next();
    if (value?.length !== piece.length || !value.every((byte, at) => byte === piece[at])) return false;
  }
  return true;
}
