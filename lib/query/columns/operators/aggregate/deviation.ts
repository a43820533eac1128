import type { Vector } from "../../../vectors/vector.ts";
import type { GroupIds } from "../groups/groups.ts";
import { type Accumulator, grownNumbers, numbersOf } from "./accumulator.ts";

/** Which deviation: of a sample (n - 1) or of all there is (n); its root or not. */
export interface DeviationKind {
  readonly isSample: boolean;
  readonly isRoot: boolean;
}

/** Deviations by their names in SQL. */
export const DEVIATION_KINDS = {
  stddev: { isSample: true, isRoot: true },
  stddev_pop: { isSample: false, isRoot: true },
  variance: { isSample: true, isRoot: false },
  variance_pop: { isSample: false, isRoot: false },
} as const satisfies Record<string, DeviationKind>;

/**
 * Deviations of numbers; other values do not count. Sums are taken of the distances from the first number, so that a
 * great mean does not swallow a small deviation.
 */
export class Deviation implements Accumulator {
  #counts = new Float64Array(16);
  #firsts = new Float64Array(16);
  #sums = new Float64Array(16);
  #squares = new Float64Array(16);

  constructor(readonly kind: DeviationKind) {}

  add([vector]: readonly Vector[], count: number, ids: GroupIds, groups: number): number {
    this.#reserve(groups);
    const numbers = numbersOf(vector, count);
    if (typeof ids === "number") this.#addToOne(numbers, count, ids);
    else this.#addEach(numbers, count, ids);
    return 0;
  }

  finish(groups: number): Vector {
    this.#reserve(groups);
    const { isSample, isRoot } = this.kind;
    const data = new Float64Array(groups);
    for (let group = 0; group < groups; group++) {
      const count = this.#counts[group];
      const divisor = isSample ? count - 1 : count;
      const sum = this.#sums[group];
      const variance = divisor < 1 ? NaN : Math.max(0, this.#squares[group] - sum * sum / count) / divisor;
      data[group] = isRoot ? Math.sqrt(variance) : variance;
    }
    return { kind: "number", type: "real", data };
  }

  #addToOne(numbers: Float64Array, count: number, group: number): void {
    let seen = this.#counts[group];
    let first = this.#firsts[group];
    let sum = this.#sums[group];
    let squares = this.#squares[group];
    for (let row = 0; row < count; row++) {
      const number = numbers[row];
      if (number !== number) continue;
      if (seen++ === 0) first = number;
      const distance = number - first;
      sum += distance;
      squares += distance * distance;
    }
    this.#counts[group] = seen;
    this.#firsts[group] = first;
    this.#sums[group] = sum;
    this.#squares[group] = squares;
  }

  #addEach(numbers: Float64Array, count: number, ids: Int32Array): void {
    const counts = this.#counts;
    const firsts = this.#firsts;
    const sums = this.#sums;
    const squares = this.#squares;
    for (let row = 0; row < count; row++) {
      const number = numbers[row];
      if (number !== number) continue;
      const group = ids[row];
      if (counts[group]++ === 0) firsts[group] = number;
      const distance = number - firsts[group];
      sums[group] += distance;
      squares[group] += distance * distance;
    }
  }

  #reserve(groups: number): void {
    this.#counts = grownNumbers(this.#counts, groups);
    this.#firsts = grownNumbers(this.#firsts, groups);
    this.#sums = grownNumbers(this.#sums, groups);
    this.#squares = grownNumbers(this.#squares, groups);
  }
}
