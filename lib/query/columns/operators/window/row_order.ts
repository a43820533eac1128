import { ascendingInts } from "../../../vectors/value_vector.ts";
import { sortSegment } from "../sort/segment.ts";

/**
 * Rows that are sorted key by key: each key orders the rows among those that all keys before it leave equal. Rows that all
 * keys leave equal stay in their order.
 */
export class RowOrder {
  /** The rows in order; undefined while that is the order they came in. */
  rows: Int32Array | undefined;
  /** Where rows start that the keys so far leave equal; behind the last, where these end. */
  starts: Int32Array;

  constructor(readonly count: number) {
    this.starts = Int32Array.of(0, count);
  }

  /** Sorts by another key, a number for each row in its original order. NaN is not allowed. */
  refine(keys: Float64Array): void {
    const { count, starts } = this;
    if (starts.length > count) return;
    let sorted = keys;
    const { rows } = this;
    if (rows !== undefined) {
      sorted = new Float64Array(count);
      for (let at = 0; at < count; at++) sorted[at] = keys[rows[at]];
    }
    for (let at = 0; at + 1 < starts.length; at++) {
      const start = starts[at];
      const end = starts[at + 1];
      if (isSorted(sorted, start, end)) continue;
      if (sorted === keys) sorted = keys.slice(0, count);
      this.rows ??= ascendingInts(count);
      sortSegment(sorted, this.rows, start, end);
    }
    this.starts = split(sorted, starts, count);
  }
}

function isSorted(keys: Float64Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) if (keys[at] < keys[at - 1]) return false;
  return true;
}

function split(keys: Float64Array, starts: Int32Array, count: number): Int32Array {
  const isStart = new Uint8Array(count);
  let found = 0;
  for (let at = 1; at < count; at++) {
    if (keys[at] !== keys[at - 1]) {
      isStart[at] = 1;
      found++;
    }
  }
  for (let at = 0; at + 1 < starts.length; at++) {
    if (isStart[starts[at]] === 0) {
      isStart[starts[at]] = 1;
      found++;
    }
  }
  const finer = new Int32Array(found + 1);
  let next = 0;
  for (let at = 0; at < count; at++) if (isStart[at] === 1) finer[next++] = at;
  finer[next] = count;
  return finer;
}
