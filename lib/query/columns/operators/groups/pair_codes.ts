/** Pairs up to here may be looked up in a table. */
const MAX_TABLE_SIZE = 2 ** 22;

/** Gives each pair of codes a code: numbered from 0 in the order in which the pairs are first seen. */
export class PairCodes {
  #count = 0;
  #left = new Int32Array(256);
  #right = new Int32Array(256);
  /** Places for left codes and for right codes in the table; powers of 2. */
  #lefts = 1;
  #rights = 256;
  /** Codes plus 1 by left and right code; undefined: they are looked up by hash. */
  #table: Int32Array | undefined = new Int32Array(256);
  /** Four numbers for each place: left, right, code plus 1 (0: it is free), and one that is not used. */
  #hashed = new Int32Array();
  #codes = new Int32Array();

  /** How many codes there are. */
  get count(): number {
    return this.#count;
  }

  /** The codes of some rows; one where it is the same in all. `lefts` and `rights` are above all codes. They hold until the next call. */
  assign(
    left: Int32Array | number,
    right: Int32Array | number,
    count: number,
    lefts: number,
    rights: number,
  ): Int32Array | number {
    this.#reserve(lefts, rights, count);
    if (typeof left === "number" && typeof right === "number") return this.#find(left, right);
    if (this.#codes.length < count) this.#codes = new Int32Array(count);
    if (this.#table !== undefined) this.#assignByTable(this.#table, left, right, count);
    else if (typeof left === "number") this.#assignOfLeft(left, right as Int32Array, count);
    else if (typeof right === "number") this.#assignOfRight(left, right, count);
    else this.#assignOfBoth(left, right, count);
    return this.#codes;
  }

  #assignByTable(table: Int32Array, left: Int32Array | number, right: Int32Array | number, count: number): void {
    const codes = this.#codes;
    const width = this.#rights;
    if (typeof left === "number") {
      const start = left * width;
      const list = right as Int32Array;
      for (let row = 0; row < count; row++) {
        codes[row] = (table[start + list[row]] || this.#added(table, start + list[row], left, list[row])) - 1;
      }
    } else if (typeof right === "number") {
      for (let row = 0; row < count; row++) {
        const at = left[row] * width + right;
        codes[row] = (table[at] || this.#added(table, at, left[row], right)) - 1;
      }
    } else {
      for (let row = 0; row < count; row++) {
        const at = left[row] * width + right[row];
        codes[row] = (table[at] || this.#added(table, at, left[row], right[row])) - 1;
      }
    }
  }

  #assignOfLeft(left: number, right: Int32Array, count: number): void {
    for (let row = 0; row < count; row++) this.#codes[row] = this.#find(left, right[row]);
  }

  #assignOfRight(left: Int32Array, right: number, count: number): void {
    for (let row = 0; row < count; row++) this.#codes[row] = this.#find(left[row], right);
  }

  #assignOfBoth(left: Int32Array, right: Int32Array, count: number): void {
    for (let row = 0; row < count; row++) this.#codes[row] = this.#find(left[row], right[row]);
  }

  /** Puts a new pair into the table. Returns its code plus 1. */
  #added(table: Int32Array, at: number, left: number, right: number): number {
    this.#append(left, right);
    return table[at] = this.#count;
  }

  #find(left: number, right: number): number {
    if (this.#table !== undefined) {
      const at = left * this.#rights + right;
      return (this.#table[at] || this.#added(this.#table, at, left, right)) - 1;
    }
    const hashed = this.#hashed;
    const mask = hashed.length - 4;
    let at = (placeOf(left, right) << 2) & mask;
    while (true) {
      const code = hashed[at + 2];
      if (code === 0) break;
      if (hashed[at] === left && hashed[at + 1] === right) return code - 1;
      at = (at + 4) & mask;
    }
    this.#append(left, right);
    hashed[at] = left;
    hashed[at + 1] = right;
    hashed[at + 2] = this.#count;
    // Small ones grow faster, so that less is moved.
    if (this.#count * 8 > hashed.length) this.#rehash(hashed.length < 2 ** 22 ? hashed.length : hashed.length / 2);
    return this.#count - 1;
  }

  #append(left: number, right: number): void {
    if (this.#count === this.#left.length) {
      this.#left = doubled(this.#left);
      this.#right = doubled(this.#right);
    }
    this.#left[this.#count] = left;
    this.#right[this.#count++] = right;
  }

  /** Makes the table large enough for so many more rows, or leaves it for hashing. */
  #reserve(lefts: number, rights: number, rows: number): void {
    if (this.#table === undefined || lefts <= this.#lefts && rights <= this.#rights) return;
    while (this.#lefts < lefts) this.#lefts *= 2;
    while (this.#rights < rights) this.#rights *= 2;
    const size = this.#lefts * this.#rights;
    // A table that stays nearly empty is slower than hashing.
    if (size > MAX_TABLE_SIZE || size > 65536 && size > 256 * this.#count && size > 4 * rows) {
      this.#table = undefined;
      let places = 1024;
      while (places < 4 * this.#count) places *= 2;
      this.#rehash(places);
      return;
    }
    this.#table = new Int32Array(size);
    for (let code = 0; code < this.#count; code++) {
      this.#table[this.#left[code] * this.#rights + this.#right[code]] = code + 1;
    }
  }

  #rehash(places: number): void {
    const hashed = new Int32Array(4 * places);
    const mask = hashed.length - 4;
    for (let code = 0; code < this.#count; code++) {
      let at = (placeOf(this.#left[code], this.#right[code]) << 2) & mask;
      while (hashed[at + 2] !== 0) at = (at + 4) & mask;
      hashed[at] = this.#left[code];
      hashed[at + 1] = this.#right[code];
      hashed[at + 2] = code + 1;
    }
    this.#hashed = hashed;
  }
}

function placeOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
