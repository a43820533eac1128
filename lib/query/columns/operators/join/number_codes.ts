/** Gives each of some numbers a code, from 0 in the order in which they are met. 0 and -0 are the same. */
export class NumberCodes {
  #keys: Float64Array;
  #codes: Int32Array;
  #mask: number;
  size = 0;

  constructor(expected = 512) {
    let room = 1024;
    while (room < expected * 2) room *= 2;
    this.#keys = new Float64Array(room);
    this.#codes = new Int32Array(room).fill(-1);
    this.#mask = room - 1;
  }

  /** The code of a number, which is given one where it has none. Not for NaN. */
  add(x: number): number {
    let at = hashOf(x) & this.#mask;
    for (;;) {
      const code = this.#codes[at];
      if (code < 0) break;
      if (this.#keys[at] === x) return code;
      at = (at + 1) & this.#mask;
    }
    this.#keys[at] = x;
    this.#codes[at] = this.size++;
    if (this.size * 2 > this.#mask) this.#grow();
    return this.size - 1;
  }

  /** The code of a number; -1: it has none. */
  find(x: number): number {
    let at = hashOf(x) & this.#mask;
    for (;;) {
      const code = this.#codes[at];
      if (code < 0 || this.#keys[at] === x) return code;
      at = (at + 1) & this.#mask;
    }
  }

  #grow(): void {
    const keys = this.#keys;
    const codes = this.#codes;
    const room = keys.length * 2;
    this.#keys = new Float64Array(room);
    this.#codes = new Int32Array(room).fill(-1);
    this.#mask = room - 1;
    for (let from = 0; from < keys.length; from++) {
      if (codes[from] < 0) continue;
      let at = hashOf(keys[from]) & this.#mask;
      while (this.#codes[at] >= 0) at = (at + 1) & this.#mask;
      this.#keys[at] = keys[from];
      this.#codes[at] = codes[from];
    }
  }
}

const real = new Float64Array(1);
const bits = new Int32Array(real.buffer);

function hashOf(x: number): number {
  // What is added makes 0 of -0.
  real[0] = x + 0;
  let hash = Math.imul(bits[0], 0x9e3779b1) ^ Math.imul(bits[1], 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
