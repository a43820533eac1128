/** So many new numbers are put into their places one by one; more are sorted in. */
const FEW = 32;

let room = Infinity;

/** Says how many numbers all of this thread may hold at one time. */
export function setMaxSortedNumbers(most: number): void {
  room = most;
}

/** Numbers in order, of which some may come and go: for aggregates that look at them by rank. */
export class SortedNumbers {
  #sorted = new Float64Array(0);
  #count = 0;
  #new: number[] = [];

  add(number: number): void {
    if (--room < 0) {
      room++;
      throw new Error("the query needs more memory than it may have");
    }
    this.#new.push(number);
  }

  /** Takes away one that was added. */
  remove(number: number): void {
    this.#settle();
    const at = this.#placeOf(number);
    this.#sorted.copyWithin(at, at + 1, this.#count--);
    room++;
  }

  /** Takes away all. */
  clear(): void {
    room += this.#count + this.#new.length;
    this.#count = 0;
    this.#new = [];
  }

  get count(): number {
    return this.#count + this.#new.length;
  }

  at(rank: number): number {
    this.#settle();
    return this.#sorted[rank];
  }

  #settle(): void {
    if (this.#new.length === 0) return;
    const count = this.#count + this.#new.length;
    if (count > this.#sorted.length) {
      const isFirst = this.#count === 0;
      const larger = new Float64Array(isFirst ? count : 2 * count);
      larger.set(this.#sorted.subarray(0, this.#count));
      this.#sorted = larger;
    }
    if (this.#new.length > FEW) {
      this.#sorted.set(this.#new, this.#count);
      this.#sorted.subarray(0, count).sort();
      this.#count = count;
    } else for (const number of this.#new) this.#insert(number);
    this.#new = [];
  }

  #insert(number: number): void {
    const at = this.#placeOf(number);
    this.#sorted.copyWithin(at + 1, at, this.#count++);
    this.#sorted[at] = number;
  }

  /** The first place whose number is not less. */
  #placeOf(number: number): number {
    let low = 0;
    for (let high = this.#count; low < high;) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
