/** Whole numbers in a row that grows. */
export class Int32Builder {
  #data = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#data.length) {
      const more = new Int32Array(this.#data.length * 2);
      more.set(this.#data);
      this.#data = more;
    }
    this.#data[this.length++] = value;
  }

  at(place: number): number {
    return this.#data[place];
  }

  set(place: number, value: number): void {
    this.#data[place] = value;
  }

  /** What was pushed, until the next push. */
  get filled(): Int32Array {
    return this.#data.subarray(0, this.length);
  }
}
