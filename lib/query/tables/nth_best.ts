/** Finds the n-th of many numbers in an order, without keeping them all. */
export class NthBest {
  readonly #best: Float64Array;
  #filled = 0;

  /** `sign`: 1 for the least numbers, -1 for the greatest. */
  constructor(readonly count: number, readonly sign: 1 | -1) {
    this.#best = new Float64Array(count * 2 + 1024);
  }

  /** NaN is skipped. */
  add(number: number): void {
    if (number !== number) return;
    this.#best[this.#filled++] = this.sign * number;
    if (this.#filled < this.#best.length) return;
    this.#best.sort();
    this.#filled = this.count;
  }

  /** The n-th number; undefined where there are fewer. */
  get bound(): number | undefined {
    if (this.#filled < this.count) return undefined;
    return this.sign * this.#best.subarray(0, this.#filled).toSorted()[this.count - 1];
  }
}
