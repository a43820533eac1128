import type { PackFooter } from "../pack/pack_footer.ts";
import { pathOf } from "../pack/part_path.ts";
import type { PathBytes } from "./path_hash.ts";
import { HASH_FACTOR, HASH_START, hashOf } from "../encoding/word_table.ts";

/** A slot that nothing was put into, and one whose log is gone. */
const [EMPTY, GONE] = [-1, -2];
const SLASH = 47;

const encoder = new TextEncoder();

/** A number for each path of logs, by open addressing over the bytes that directories hold of them. */
export class PathTable {
  readonly #values: Int32Array;
  readonly #hashes: Int32Array;
  /** Where the path of each slot stands: which directory, and which part. */
  readonly #owners: Int32Array;
  readonly #parts: Int32Array;
  readonly #directories: PackFooter[] = [];
  /** The names of files as bytes, as far as they are met. */
  readonly #names: (Uint8Array | undefined)[][] = [];
  /** How many paths have a number. */
  size = 0;
  #folder = -1;
  #folderHash = 0;

  /** `most`: so many paths will be put in at most. */
  constructor(most: number) {
    let slots = 8;
    while (slots < most * 2) slots *= 2;
    this.#values = new Int32Array(slots).fill(EMPTY);
    [this.#hashes, this.#owners, this.#parts] = Array.from({ length: 3 }, () => new Int32Array(slots));
  }

  /** Turns to a directory: the parts that follow are of it. */
  open(directory: PackFooter): void {
    this.#directories.push(directory);
    this.#names.push([]);
    this.#folder = -1;
  }

  /** The slot of the path of a part: one that has it, or an empty one for it. */
  slotOf(directory: PackFooter, part: number): number {
    const { parts, folders, letters } = directory;
    const folder = parts.folder[part];
    if (folder !== this.#folder) {
      this.#folder = folder;
      const [from, to] = rangeOf(folders.end, folder);
      const hash = hashOf(letters.byte, from, to);
      this.#folderHash = from === to ? HASH_START : Math.imul(hash ^ SLASH, HASH_FACTOR);
    }
    const name = this.#nameOf(this.#directories.length - 1, parts.name[part]);
    let hash = this.#folderHash;
    for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name[at], HASH_FACTOR);
    const mask = this.#values.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask;; slot = (slot + 1) & mask) {
      if (this.#values[slot] === EMPTY) {
        this.#hashes[slot] = hash;
        return slot;
      }
      if (this.#hashes[slot] === hash && this.#isPart(slot, directory, part)) return slot;
    }
  }

  /** The number at a slot; undefined if there is none. */
  valueAt(slot: number): number | undefined {
    return this.#values[slot] < 0 ? undefined : this.#values[slot];
  }

  /** Gives the path of a part, whose slot it is, a number. */
  set(slot: number, value: number, directory: PackFooter, part: number): void {
    if (this.#values[slot] < 0) this.size++;
    if (this.#values[slot] === EMPTY) this.#own(slot, directory, part);
    this.#values[slot] = value;
  }

  /** Takes the number of a slot away. */
  remove(slot: number): void {
    if (this.#values[slot] >= 0) {
      this.size--;
      this.#values[slot] = GONE;
    }
  }

  #own(slot: number, directory: PackFooter, part: number): void {
    const last = this.#directories.length - 1;
    this.#owners[slot] = this.#directories[last] === directory ? last : this.#directories.indexOf(directory);
    this.#parts[slot] = part;
  }

  /** The number of a path. */
  find(path: PathBytes): number | undefined {
    const { hash } = path;
    const mask = this.#values.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask;; slot = (slot + 1) & mask) {
      const value = this.#values[slot];
      if (value === EMPTY) return undefined;
      if (this.#hashes[slot] === hash && this.#isPath(slot, path)) return value === GONE ? undefined : value;
    }
  }

  /** All numbers, ascending. */
  values(): Int32Array {
    return this.#values.filter((value) => value >= 0).sort();
  }

  #nameOf(owner: number, string: number): Uint8Array {
    return this.#names[owner][string] ??= encoder.encode(this.#directories[owner].strings[string]);
  }

  #isPart(slot: number, directory: PackFooter, part: number): boolean {
    const own = this.#directories[this.#owners[slot]];
    const at = this.#parts[slot];
    if (own === directory && directory.parts.folder[at] === directory.parts.folder[part]) {
      return directory.parts.name[at] === directory.parts.name[part];
    }
    return pathOf(own, at) === pathOf(directory, part);
  }

  #isPath(slot: number, { bytes, length }: PathBytes): boolean {
    const owner = this.#owners[slot];
    const { parts, folders, letters } = this.#directories[owner];
    const part = this.#parts[slot];
    const [from, to] = rangeOf(folders.end, parts.folder[part]);
    const name = this.#nameOf(owner, parts.name[part]);
    const start = from === to ? 0 : to - from + 1;
    if (start + name.length !== length) return false;
    const { byte } = letters;
    for (let at = from, i = 0; at < to; at++, i++) if (bytes[i] !== byte[at]) return false;
    if (start > 0 && bytes[start - 1] !== SLASH) return false;
    for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
    return true;
  }
}

function rangeOf(ends: Uint32Array, index: number): [from: number, to: number] {
  return [index === 0 ? 0 : ends[index - 1], ends[index]];
}
