import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { createHash } from "node:crypto";
import { readLinesSync } from "../../base/lines/line_pieces.ts";
import { NEWLINE } from "../../base/lines/lines_in.ts";
import { ID_LENGTH } from "../../base/ids.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { writeAllSync } from "../../fs/files/file_operations.ts";
import { readAt } from "../../fs/files/last_line.ts";

/** The owners of experiments and runs, one per line; of this copy only. */
export const OWNERS_FILE = `${LOCAL_FOLDER}/owners`;

/** Bytes that are read at a time. */
const PIECE = 1024 * 1024;

/** Characters of the digest of a folder. */
const DIGEST_LENGTH = 16;

/**
 * The copy of some notes by its id, or an experiment or a run by its id and its folder: anybody can make a second folder of the same
 * id, which is not the first one.
 */
export interface Owned {
  readonly id: string;
  readonly folder?: string;
}

/**
 * Which token made which experiment and run, and writes the notes of which copy. What is not here was made by the owner
 * of the folder. A file of this copy keeps it, a line for each: `<id> <id of the token>`, and the digest of its folder,
 * if it has one. It is only ever appended to, and the first line about a thing counts. Several servers of one folder
 * see what the others wrote.
 */
export class Owners implements Disposable {
  /** Tokens by ids, with the digest of the folder behind it; where an id is taken, by `<digest>/<id>`. */
  readonly #by = new Map<string, string>();
  #read = 0;
  #file: Deno.FsFile | undefined;
  #isUnsynced = false;

  constructor(readonly root: RootFolder) {}

  /** The id of the token that made something. */
  of({ id, folder }: Owned): string | undefined {
    const where = digestOf(folder);
    const known = this.#known(id, where);
    if (known !== undefined) return known;
    this.#refresh();
    return this.#known(id, where);
  }

  /** The id of the token that made what has an id, whatever and wherever that is. */
  anyOf(id: string): string | undefined {
    if (!this.#by.has(id)) this.#refresh();
    return this.#by.get(id)?.slice(0, ID_LENGTH);
  }

  /** Records that a token creates something, if it has no owner yet. Returns whose it is. */
  claim(what: Owned, by: string): string {
    const known = this.of(what);
    if (known !== undefined) return known;
    const { id } = what;
    const where = digestOf(what.folder);
    const file = this.#open();
    file.lockSync(true);
    try {
      this.#refresh();
      const there = this.#known(id, where);
      if (there !== undefined) return there;
      const { size } = file.statSync();
      // A line that a crash cut off must not take this one along.
      const isTorn = size > 0 && readAt(file, size - 1, 1)[0] !== NEWLINE;
      const line = [id, by, ...where === "" ? [] : [where]].join(" ");
      writeAllSync(file, new TextEncoder().encode(`${isTorn ? "\n" : ""}${line}\n`));
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
    this.root.makeFolder(LOCAL_FOLDER);
    return this.#file = this.root.open(OWNERS_FILE, { read: true, append: true, create: true, mode: 0o600 });
  }

  /** Reads new lines. A file that became shorter, or was removed, is read from the start. */
  #refresh(): void {
    const size = this.root.lstat(OWNERS_FILE)?.size ?? 0;
    if (size === this.#read) return;
    if (size < this.#read) {
      this.#by.clear();
      this.#read = 0;
    }
    if (size === 0) return;
    using file = this.root.open(OWNERS_FILE);
    const range = { offset: this.#read, size, length: PIECE, maxLine: PIECE };
    for (const { bytes } of readLinesSync(range, ({ offset, length }) => readAt(file, offset, length))) {
      this.#read += bytes.length;
      const text = new TextDecoder().decode(bytes);
      for (let at = 0; at < text.length;) {
        const end = text.indexOf("\n", at);
        this.#note(text.slice(at, end));
        at = end + 1;
      }
    }
  }

  #known(id: string, where: string): string | undefined {
    const first = this.#by.get(id);
    if (first === undefined) return undefined;
    if (first.slice(ID_LENGTH + 1) === where) return first.slice(0, ID_LENGTH);
    return this.#by.get(`${where}/${id}`);
  }

  #note(line: string): void {
    // What was cut off has another length. There may be hundreds of thousands of lines.
    const short = 2 * ID_LENGTH + 1;
    const hasFolder = line.length === short + 1 + DIGEST_LENGTH && line[short] === " ";
    if (line[ID_LENGTH] !== " " || !(hasFolder || line.length === short)) return;
    const id = line.slice(0, ID_LENGTH), value = line.slice(ID_LENGTH + 1);
    if (!this.#by.has(id)) return void this.#by.set(id, value);
    const where = value.slice(ID_LENGTH + 1);
    if (this.#known(id, where) === undefined) this.#by.set(`${where}/${id}`, value.slice(0, ID_LENGTH));
  }
}

/** What stands for a folder: short, and without a known second name. */
function digestOf(folder: string | undefined): string {
  if (folder === undefined) return "";
  return createHash("sha256").update(folder).digest("base64url").slice(0, DIGEST_LENGTH);
}
