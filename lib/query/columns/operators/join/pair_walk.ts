import type { Candidates, Ranges } from "./candidates.ts";

/** So many pairs are looked at in one go at most. */
const MAX_PAIRS = 16384;
/** A left row with so many candidates is looked at alone: its values are then constants, and the candidates often a slice. */
const MANY = 1024;

/**
 * Goes through the pairs of a left batch and its candidates on the right, some at a time: left rows in order, and for each its
 * candidates in order.
 */
export class PairWalk {
  readonly #left = new Int32Array(MAX_PAIRS);
  readonly #right = new Int32Array(MAX_PAIRS);
  #count = 0;
  /** The row that comes next, and how many of its candidates have been seen. */
  #row = 0;
  #at = 0;
  /** The candidates of that row in order, where they are not so as they stand. */
  #ordered: Int32Array | undefined;

  #ranges: Ranges = { starts: new Int32Array(), ends: new Int32Array() };

  constructor(readonly candidates: Candidates) {}

  /** Starts again, with the rows of another left batch. */
  start(ranges: Ranges): void {
    this.#ranges = ranges;
    this.#count = 0;
    this.#row = 0;
    this.#at = 0;
  }

  /** Whether a row has candidates at all. */
  hasCandidates(row: number): boolean {
    return this.#ranges.ends[row] > this.#ranges.starts[row];
  }

  /** The pairs at present, until the next are asked for. */
  get left(): Int32Array {
    return this.#left.subarray(0, this.#count);
  }

  get right(): Int32Array {
    return this.#right.subarray(0, this.#count);
  }

  /** All pairs of the rows before this one have been seen. */
  get row(): number {
    return this.#row;
  }

  /** Leaves out what candidates a row still has. */
  skip(): void {
    this.#row++;
    this.#at = 0;
  }

  /** Finds the next pairs; false: all have been seen. `keep`: a row without candidates is a pair with -1. */
  next(keep: boolean): boolean {
    const { starts, ends } = this.#ranges;
    const { rows, isOrdered } = this.candidates;
    const left = this.#left;
    const right = this.#right;
    let row = this.#row;
    let at = this.#at;
    let count = 0;
    if (row >= starts.length) return false;
    while (row < starts.length && count < MAX_PAIRS) {
      const start = starts[row];
      const length = ends[row] - start;
      if (length <= 0) {
        if (keep) {
          left[count] = row;
          right[count++] = -1;
        }
        row++;
        continue;
      }
      if (length >= MANY && count > 0) break;
      if (!isOrdered && at === 0) this.#ordered = rows.slice(start, ends[row]).sort();
      const list = isOrdered ? rows : this.#ordered!;
      const shift = isOrdered ? start : 0;
      const end = Math.min(length, at + MAX_PAIRS - count);
      for (; at < end; at++) {
        left[count] = row;
        right[count++] = list[shift + at];
      }
      if (at < length) break;
      row++;
      at = 0;
      if (length >= MANY) break;
    }
    this.#row = row;
    this.#at = at;
    this.#count = count;
    return true;
  }
}
