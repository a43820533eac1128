/** Whole numbers up to here may be looked up in a table. */
const MOST_IN_TABLE = 2 ** 22;

const bits = new Float64Array(1);
const halves = new Int32Array(bits.buffer);

/** Codes are numbers from 0, in the order in which what they stand for was first seen. */
export interface Counter {
  next: number;
  /** The code of NULL; below 0: none was seen. */
  missing: number;
}

/** Gives each number a code. Whole numbers that are not great are looked up in a table, others by hash. */
export class NumberCodes {
  /** Codes of 0, 1, 2, …, plus 1; 0: none. */
  #table = new Int32Array(256);
  #size = 256;
  #keys = new Float64Array(256);
  /** Codes plus 1; 0: the place is free. */
  #codes = new Int32Array(256);
  #count = 0;
  #rows = 0;

  /** Writes the codes of the numbers. */
  assign(data: Float64Array, count: number, codes: Int32Array, counter: Counter): void {
    this.#rows += count;
    let { next } = counter;
    let table = this.#table;
    let length = table.length;
    for (let row = 0; row < count; row++) {
      const number = data[row];
      if (number !== number) {
        if (counter.missing < 0) counter.missing = next++;
        codes[row] = counter.missing;
        continue;
      }
      if (number >= 0 && number < length) {
        const at = number | 0;
        if (at === number) {
          const code = table[at];
          if (code !== 0) codes[row] = code - 1;
          else {
            table[at] = next + 1;
            codes[row] = next++;
          }
          continue;
        }
      } else if (number >= length && this.#grow(number)) {
        table = this.#table;
        length = table.length;
        row--;
        continue;
      }
      const code = this.#find(number, next);
      codes[row] = code;
      if (code === next) next++;
    }
    counter.next = next;
  }

  /** The code of one number. */
  code(number: number, counter: Counter): number {
    const { next } = counter;
    const isInTable = number >= 0 && number < this.#table.length && Number.isInteger(number);
    const code = isInTable ? (this.#table[number] ||= next + 1) - 1 : this.#find(number, next);
    if (code === next) counter.next++;
    return code;
  }

  #find(number: number, next: number): number {
    // -0 is 0.
    bits[0] = number + 0;
    let hash = Math.imul(halves[0], 0x9e3779b1) ^ Math.imul(halves[1], 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    const mask = this.#size - 1;
    let at = (hash ^ (hash >>> 13)) & mask;
    while (true) {
      const code = this.#codes[at];
      if (code === 0) break;
      if (this.#keys[at] === number) return code - 1;
      at = (at + 1) & mask;
    }
    this.#keys[at] = number;
    this.#codes[at] = next + 1;
    if (++this.#count * 2 > this.#size) this.#rehash();
    return next;
  }

  #rehash(): void {
    const keys = this.#keys;
    const codes = this.#codes;
    this.#size *= 2;
    this.#count = 0;
    this.#keys = new Float64Array(this.#size);
    this.#codes = new Int32Array(this.#size);
    for (let at = 0; at < keys.length; at++) if (codes[at] !== 0) this.#find(keys[at], codes[at] - 1);
  }

  /** Makes the table reach a number where that is worth it. */
  #grow(number: number): boolean {
    if (number >= MOST_IN_TABLE || number >= 65536 && number > 16 * this.#rows || !Number.isInteger(number)) {
      return false;
    }
    const from = this.#table.length;
    let length = from;
    while (length <= number) length *= 2;
    const table = new Int32Array(length);
    table.set(this.#table);
    // What was too great for the table before is in it now.
    for (let at = 0; at < this.#keys.length; at++) {
      const key = this.#keys[at];
      if (this.#codes[at] !== 0 && key >= from && key < length && Number.isInteger(key)) table[key] = this.#codes[at];
    }
    this.#table = table;
    return true;
  }
}
