import { lastSegment, parentOf } from "../../../../base/paths.ts";
import { newId } from "../../../../base/ids.ts";
import { type DerivedFolder, derivedFolder } from "../../../../fs/folders/derived_folder.ts";
import { TEMPORARY_PREFIX, writeAllSync } from "../../../../fs/files/file_operations.ts";
import { PRIVATE } from "../../../../format/layout/file_modes.ts";
import { readStamp } from "../../../../store/local/purge/derived.ts";
import type { BranchLine } from "./layout.ts";
import { Segment } from "./segment.ts";
import type { Entry, SegmentBlock } from "./block.ts";
import { buildSegment, joinBlocks } from "./builder.ts";

/** More files are merged. */
const MAX_SEGMENTS = 6;

/** Bytes from which on files are compared, however few there are. */
const LARGE = 256 * 1024;

/** A file by its number, so that later ones come first; the id keeps two writers apart. */
const NAME = /^([0-9a-f]{8})-[0-9a-z]{13}\.cat$/;

/** Files that a crash left unfinished are removed after so many milliseconds. */
const UNFINISHED_MS = 3_600_000;

/** The file of an earlier version, in the folder above. */
const OLD_FILE = "catalogue.json";

/**
 * The files of a catalogue in a folder of their own. Each one is written once, wholly, under a name of its own, so that
 * several processes may write at once; what they write of one experiment is proved by the state of its folder, so that
 * it does not matter whose is read. They are merged by the process that has the lock.
 */
export class SegmentFiles {
  readonly #folder: DerivedFolder;
  /** Files that turned out to be damaged. */
  readonly #damaged = new Set<string>();

  /** Of which purges the folder above knew when the files were read. */
  #stamp: string | undefined;

  /** `folder`: an absolute path. */
  constructor(readonly folder: string) {
    this.#folder = derivedFolder(folder);
  }

  #stampNow(): string {
    return readStamp(derivedFolder(parentOf(this.folder)));
  }

  /** The files that are in order, newest first. */
  load(): Segment[] {
    this.#stamp ??= this.#stampNow();
    // A merge may remove files between the listing and the look; what it wrote is in the next listing.
    for (let turn = 0;; turn++) {
      const names = this.#names().filter((name) => !this.#damaged.has(name));
      const found = names.map((name) => this.#open(name));
      if (turn === 3 || found.every((segment) => segment !== "gone")) {
        return found.filter((segment) => typeof segment !== "string");
      }
    }
  }

  #names(): string[] {
    try {
      return this.#folder.list().map(({ name }) => name).filter((name) => NAME.test(name)).sort().reverse();
    } catch {
      return [];
    }
  }

  #open(name: string): Segment | "gone" | "damaged" {
    try {
      const info = this.#folder.lstat(name);
      if (info === undefined) return "gone";
      return new Segment(`${this.folder}/${name}`, info.size);
    } catch {
      this.#damaged.add(name);
      return "damaged";
    }
  }

  /** Whether something was purged since the files were read. From then on they are others. */
  renew(): boolean {
    const now = this.#stampNow();
    if (this.#stamp === undefined || this.#stamp === now) return false;
    this.#stamp = now;
    return true;
  }

  /** Notes that a file is damaged: it is removed with the next one that is written. */
  discard(segment: Segment): void {
    this.#damaged.add(nameOf(segment));
  }

  /** Writes a file that is newer than those that are there. Throws what the system says where it cannot. */
  write(entries: Entry[], branches: readonly BranchLine[], number?: number): Segment {
    return this.#write(buildSegment(entries, branches), number);
  }

  /** The same of rows that are made already. */
  writeBlocks(blocks: readonly SegmentBlock[]): Segment {
    return this.#write(joinBlocks(blocks, []));
  }

  #write(pieces: readonly Uint8Array[], number = this.#next()): Segment {
    this.#stamp ??= this.#stampNow();
    // What was read before something was purged is not kept.
    if (this.#stampNow() !== this.#stamp) throw new Error(`the catalogue in ${this.folder} was emptied meanwhile`);
    const name = `${number.toString(16).padStart(8, "0")}-${newId()}.cat`;
    const temporary = `${TEMPORARY_PREFIX}${newId()}`;
    this.#folder.make();
    try {
      {
        using file = this.#folder.open(temporary, { write: true, createNew: true, ...PRIVATE });
        for (const piece of pieces) writeAllSync(file, piece);
      }
      this.#folder.rename(temporary, name);
    } catch (error) {
      this.#folder.remove(temporary);
      throw error;
    }
    this.#tidy();
    return new Segment(`${this.folder}/${name}`, pieces.reduce((sum, { length }) => sum + length, 0));
  }

  /** Removes all of them. */
  drop(): void {
    for (const name of this.#names()) {
      try {
        this.#folder.remove(name);
      } catch {
        // It is not ours to remove.
      }
    }
  }

  #next(): number {
    return this.#names().reduce((highest, name) => Math.max(highest, numberOf(name)), 0) + 1;
  }

  /** The files that should stand in the place of some, newest first: those of a like length are made one. */
  merged(segments: readonly Segment[]): readonly Segment[] {
    const many = toMerge(segments);
    if (many < 2) return segments;
    using lock = this.#lock();
    if (lock === undefined) return segments;
    const old = segments.slice(0, many);
    const isAll = old.length === segments.length;
    const made = this.write(live(old, isAll), branchesOf(old), numberOf(nameOf(old[0])));
    for (const segment of old) this.#folder.remove(nameOf(segment));
    return [made, ...segments.slice(old.length)];
  }

  #lock(): Disposable | undefined {
    try {
      const file = this.#folder.open("lock", { write: true, create: true });
      // Older runtimes only have the lock that waits.
      if (typeof file.tryLockSync !== "function" || file.tryLockSync(true)) return file;
      file.close();
    } catch {
      // A file system without locks: two merges write the same.
    }
    return undefined;
  }

  #tidy(): void {
    try {
      for (const name of this.#damaged) this.#folder.remove(name);
      this.#damaged.clear();
      derivedFolder(parentOf(this.folder)).remove(OLD_FILE);
      for (const { name } of this.#folder.list()) {
        if (!name.startsWith(TEMPORARY_PREFIX)) continue;
        const age = Date.now() - (this.#folder.lstat(name)?.mtime?.getTime() ?? Date.now());
        if (age > UNFINISHED_MS) this.#folder.remove(name);
      }
    } catch {
      // The next one does it.
    }
  }
}

/** How many of the newest files are made one: so that few are left, and of large ones each is twice as large as those before. */
function toMerge(segments: readonly Segment[]): number {
  let [many, bytes] = [1, 0];
  segments.forEach((segment, at) => {
    if (at > 0 && segment.bytes <= 2 * bytes && (bytes > LARGE || segments.length > MAX_SEGMENTS)) many = at + 1;
    bytes += segment.bytes;
  });
  return segments.length > MAX_SEGMENTS ? Math.max(2, many) : many;
}

function nameOf({ file }: Segment): string {
  return lastSegment(file.path);
}

function numberOf(name: string): number {
  return parseInt(NAME.exec(name)![1], 16);
}

/** The newest of each experiment. `isAll`: that one is gone need not be said any more. */
function live(segments: readonly Segment[], isAll: boolean): Entry[] {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  for (const segment of segments) {
    for (let row = 0; row < segment.count; row++) {
      const folder = segment.folderAt(row);
      if (seen.has(folder)) continue;
      seen.add(folder);
      const [parent, id] = [segment.parentAt(row), segment.idAt(row)];
      if (!segment.isGone(row)) entries.push({ parent, id, segment, row });
      else if (!isAll) entries.push({ parent, id, gone: true });
    }
  }
  return entries;
}

function branchesOf(segments: readonly Segment[]): BranchLine[] {
  const lines = new Map<string, BranchLine>();
  for (const { head } of segments.toReversed()) for (const line of head.branches) lines.set(line.folder, line);
  return [...lines.values()];
}
