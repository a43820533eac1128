import type { RootFolder } from "../../fs/root_folder.ts";
import { writeAllSync } from "../../fs/files.ts";
import { readAt } from "../../store/whole_end.ts";

/** Who made what, a line each; of this copy only. */
export const OWNERS_FILE = ".dbx/owners";

const NEWLINE = 10;
/** Bytes that are read at a time. */
const PIECE = 1024 * 1024;

/**
 * Which token made which experiment and run, and writes the notes of which copy. What is not here was made by whoever holds the
 * folder. A file of this copy keeps it: `<id> <id of the token>`, a line for each, which is only ever appended to; the first line
 * about an id counts. Several servers of one folder see what the others wrote.
 */
export class Owners implements Disposable {
  readonly #by = new Map<string, string>();
  /** The same text for each token, of which there are few. */
  readonly #tokens = new Map<string, string>();
  #read = 0;
  #file: Deno.FsFile | undefined;
  #isUnsynced = false;

  constructor(readonly root: RootFolder) {}

  /** The id of the token that made what has an id. */
  of(id: string): string | undefined {
    const known = this.#by.get(id);
    if (known !== undefined) return known;
    this.#refresh();
    return this.#by.get(id);
  }

  /** Notes that a token makes something now, where nobody did before. Returns whose it is. */
  claim(id: string, by: string): string {
    const known = this.of(id);
    if (known !== undefined) return known;
    const file = this.#open();
    file.lockSync(true);
    try {
      this.#refresh();
      const there = this.#by.get(id);
      if (there !== undefined) return there;
      const { size } = file.statSync();
      // A line that a crash cut off must not take this one along.
      const isTorn = size > 0 && readAt(file, size - 1, 1)[0] !== NEWLINE;
      writeAllSync(file, new TextEncoder().encode(`${isTorn ? "\n" : ""}${id} ${by}\n`));
      this.#isUnsynced = true;
      this.#refresh();
      return by;
    } finally {
      file.unlockSync();
    }
  }

  /** Waits until the disk has all that was noted. */
  async sync(): Promise<void> {
    if (!this.#isUnsynced || this.#file === undefined) return;
    this.#isUnsynced = false;
    await this.#file.sync();
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #open(): Deno.FsFile {
    const held = this.#file?.statSync();
    if (held !== undefined && held.nlink !== 0) return this.#file!;
    this[Symbol.dispose]();
    this.root.makeFolder(".dbx");
    return this.#file = this.root.open(OWNERS_FILE, { read: true, append: true, create: true, mode: 0o600 });
  }

  /** Reads what is new. A file that became shorter, or was removed, is read anew. */
  #refresh(): void {
    const size = this.root.lstat(OWNERS_FILE)?.size ?? 0;
    if (size === this.#read) return;
    if (size < this.#read) {
      this.#by.clear();
      this.#read = 0;
    }
    if (size === 0) return;
    using file = this.root.open(OWNERS_FILE);
    while (this.#read < size) {
      const bytes = readAt(file, this.#read, Math.min(PIECE, size - this.#read));
      const whole = bytes.lastIndexOf(NEWLINE) + 1;
      if (whole === 0) return; // A line that is being written, or was cut off.
      this.#read += whole;
      for (const line of new TextDecoder().decode(bytes.subarray(0, whole)).split("\n")) this.#note(line);
    }
  }

  #note(line: string): void {
    const at = line.indexOf(" ");
    const id = line.slice(0, at), by = line.slice(at + 1);
    // What was cut off has no second word, or a short one.
    if (at <= 0 || !/^[0-9a-z]{13}$/.test(by) || this.#by.has(id)) return;
    if (!this.#tokens.has(by)) this.#tokens.set(by, by);
    this.#by.set(id, this.#tokens.get(by)!);
  }
}
