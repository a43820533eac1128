/** Codes of the texts, booleans and the like that a leaf of an event's data may be; words of a table follow. */
export const enum Code {
  Null,
  False,
  True,
  /** Something that the index does not hold: its line has to be read. */
  Line,
  EmptyObject,
  EmptyArray,
  FirstWord,
}

/**
 * A hash of the bytes of a word (Fowler, Noll, Vo: FNV-1a), which a caller that reads them anyway can compute on the
 * way.
 */
export const HASH_START = 0x811c9dc5 | 0;
export const HASH_FACTOR = 0x01000193;

/** The hash of some bytes. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], HASH_FACTOR);
  return hash;
}

/** Words as bytes of UTF-8, each once, by their codes. */
export class WordTable {
  #bytes = new Uint8Array(1 << 12);
  /** Where each word ends, and its hash. */
  #ends = new Int32Array(1 << 8);
  #hashes = new Int32Array(1 << 8);
  /** Codes by hash, open addressing; 0 is empty. */
  #slots = new Int32Array(1 << 9);
  #length = 0;

  /** How many words there are. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of all words. */
  get size(): number {
    return this.#length === 0 ? 0 : this.#ends[this.#length - 1];
  }

  /** The bytes of all words, one behind the other, until the next word is added. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.size);
  }

  /** Where each word ends in the bytes. */
  get ends(): Int32Array {
    return this.#ends.subarray(0, this.#length);
  }

  /** The code of a word; -1 where it is not in the table. */
  find(from: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask;; slot = (slot + 1) & mask) {
      const code = slots[slot];
      if (code === 0) return -1;
      if (this.#isWord(code - Code.FirstWord, from, start, end, hash)) return code;
    }
  }

  /** Adds a word that is not in the table; its code. */
  add(from: Uint8Array, start: number, end: number, hash: number): number {
    const size = this.size;
    const needed = size + end - start;
    if (needed > this.#bytes.length) this.#bytes = grown(this.#bytes, needed);
    for (let at = start, to = size; at < end; at++, to++) this.#bytes[to] = from[at];
    const index = this.#length++;
    if (index === this.#ends.length) {
      this.#ends = grown(this.#ends, index + 1);
      this.#hashes = grown(this.#hashes, index + 1);
      this.#slots = new Int32Array(this.#slots.length * 2);
      for (let word = 0; word < index; word++) this.#place(word);
    }
    this.#ends[index] = needed;
    this.#hashes[index] = hash;
    this.#place(index);
    return index + Code.FirstWord;
  }

  /** The code here of a word of another table. */
  take(other: WordTable, code: number): number {
    const index = code - Code.FirstWord;
    const [start, hash] = [other.#start(index), other.#hashes[index]];
    const found = this.find(other.#bytes, start, other.#ends[index], hash);
    return found >= 0 ? found : this.add(other.#bytes, start, other.#ends[index], hash);
  }

  #start(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1];
  }

  #isWord(index: number, from: Uint8Array, start: number, end: number, hash: number): boolean {
    const own = this.#start(index);
    if (this.#hashes[index] !== hash || this.#ends[index] - own !== end - start) return false;
    const bytes = this.#bytes;
    for (let at = start, to = own; at < end; at++, to++) if (bytes[to] !== from[at]) return false;
    return true;
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    const hash = this.#hashes[index];
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + Code.FirstWord;
  }
}

function grown<T extends Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(array: T, needed: number): T {
  const more = new (array.constructor as new (length: number) => T)(Math.max(needed, array.length * 2));
  more.set(array);
  return more;
}
