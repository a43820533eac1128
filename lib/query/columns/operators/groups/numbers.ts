/** Whole numbers up to here may be looked up in a table. */
const MAX_TABLE_SIZE = 2 ** 22;

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
  /** Places of 16 bytes, so that one look at memory finds both: the number, and its code plus 1 (0: the place is free). */
  #hashed = new Float64Array(2 * 256);
  #hashedCodes = new Int32Array(this.#hashed.buffer);
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
      } else if (number >= length && number < MAX_TABLE_SIZE && this.#grow(number)) {
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
    const hashed = this.#hashed;
    const codes = this.#hashedCodes;
    const mask = hashed.length - 2;
    let at = ((hash ^ (hash >>> 13)) << 1) & mask;
    while (true) {
      const code = codes[2 * at + 2];
      if (code === 0) break;
      if (hashed[at] === number) return code - 1;
      at = (at + 2) & mask;
    }
    hashed[at] = number;
    codes[2 * at + 2] = next + 1;
    if (++this.#count * 4 > hashed.length) this.#rehash();
    return next;
  }

  #rehash(): void {
    const numbers = this.#hashed;
    const codes = this.#hashedCodes;
    // Small ones grow faster, so that less is moved.
    this.#hashed = new Float64Array(numbers.length * (numbers.length < 2 ** 20 ? 4 : 2));
    this.#hashedCodes = new Int32Array(this.#hashed.buffer);
    this.#count = 0;
    for (let at = 0; at < numbers.length; at += 2) {
      if (codes[2 * at + 2] !== 0) this.#find(numbers[at], codes[2 * at + 2] - 1);
    }
  }

  /** Makes the table reach a number where that is worth it. */
  #grow(number: number): boolean {
    if (number >= 65536 && number > 16 * this.#rows || !Number.isInteger(number)) return false;
    const from = this.#table.length;
    let length = from;
    while (length <= number) length *= 2;
    const table = new Int32Array(length);
    table.set(this.#table);
    // What was too great for the table before is in it now.
    for (let at = 0; at < this.#hashed.length; at += 2) {
      const number = this.#hashed[at];
      const code = this.#hashedCodes[2 * at + 2];
      if (code !== 0 && number >= from && number < length && Number.isInteger(number)) table[number] = code;
    }
    this.#table = table;
    return true;
  }
}
