/** Pairs that have been found and not yet given out. On the right, -1 is a row of NULL. */
export class PairBuffer {
  #left = new Int32Array(1024);
  #right = new Int32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get left(): Int32Array {
    return this.#left.subarray(0, this.#count);
  }

  get right(): Int32Array {
    return this.#right.subarray(0, this.#count);
  }

  clear(): void {
    this.#count = 0;
  }

  push(left: number, right: number): void {
    if (this.#count === this.#left.length) {
      this.#left = doubled(this.#left);
      this.#right = doubled(this.#right);
    }
    this.#left[this.#count] = left;
    this.#right[this.#count++] = right;
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
