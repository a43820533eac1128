import type { GroupIds } from "../groups/groups.ts";
import type { Vector } from "../../../vectors/vector.ts";

/** An aggregate of many groups at once. */
export interface Accumulator {
  /**
   * Adds the first `count` rows of the arguments, each to its group. There are `groups` groups by now.
   *
   * Where `hits` is given, it is filled with the rows that the answer is now taken from, one after the other; how many these
   * are is returned. Only `min` and `max` do that.
   */
  add(args: readonly Vector[], count: number, ids: GroupIds, groups: number, hits?: Int32Array): number;
  /** The answer of each group. */
  finish(groups: number): Vector;
}

/** Makes room for at least `length` numbers. */
export function grownNumbers(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (array.length >= length) return array;
  const larger = new Float64Array(Math.max(length, 2 * array.length, 16));
  larger.set(array);
  return larger;
}

/** Makes room for at least `length` small numbers. */
export function grownBytes(array: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (array.length >= length) return array;
  const larger = new Uint8Array(Math.max(length, 2 * array.length, 16));
  larger.set(array);
  return larger;
}

/** The rows from 0 to below `count` of a vector as numbers, NaN where there is none: NULL, a text, a blob. */
export function numbersOf(vector: Vector, count: number): Float64Array {
  switch (vector.kind) {
    case "number":
      return vector.data;
    case "constant": {
      const { value } = vector;
      return new Float64Array(count).fill(typeof value === "number" || typeof value === "bigint" ? Number(value) : NaN);
    }
    case "text":
      return new Float64Array(count).fill(NaN);
    case "any": {
      const numbers = new Float64Array(count);
      for (let row = 0; row < count; row++) {
        const value = vector.values[row];
        numbers[row] = typeof value === "number" || typeof value === "bigint" ? Number(value) : NaN;
      }
      return numbers;
    }
  }
}
