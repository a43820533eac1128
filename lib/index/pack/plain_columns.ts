/** Columns that are remembered; a power of two. */
const SLOTS = 1024;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/**
 * Columns of a pack that have no bytes, such as steps that count up, by what they are: many logs share them. Some are
 * forgotten, as each has only one place.
 */
export class PlainColumns {
  readonly #bases = new Float64Array(SLOTS);
  readonly #steps = new Float64Array(SLOTS);
  readonly #counts = new Float64Array(SLOTS).fill(-1);
  readonly #columns = new Uint32Array(SLOTS);
  #slot = 0;

  /** The column that is remembered; undefined where none is, and {@linkcode keep} may say which it is. */
  find(count: number, base: number, step: number): number | undefined {
    double[0] = base;
    const hash = Math.imul(halves[0] ^ Math.imul(halves[1], 0x9e3779b1) ^ count ^ Math.imul(step, 31), 0x85ebca6b);
    const slot = this.#slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const isSame = this.#counts[slot] === count && this.#steps[slot] === step && Object.is(this.#bases[slot], base);
    if (isSame) return this.#columns[slot];
    [this.#counts[slot], this.#steps[slot], this.#bases[slot]] = [count, step, base];
    return undefined;
  }

  /** The column that was looked for last. */
  keep(column: number): void {
    this.#columns[this.#slot] = column;
  }
}
