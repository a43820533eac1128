import type { Value } from "../../../values/value.ts";
import { applyAffinity } from "../../../values/convert.ts";
import { valueAt } from "../../../vectors/gather.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import type { Vector } from "../../../vectors/vector.ts";
import type { GroupIds } from "../groups/groups.ts";
import { type Accumulator, numbersOf } from "./accumulator.ts";
import { select } from "./select.ts";

export type QuantileName = "median" | "percentile" | "percentile_cont" | "percentile_disc";

/**
 * `median`, and percentiles as SQLite's extension has them. What makes these an error, such as a fraction that is not one, a
 * text or an infinity, is left to SQLite to say. The median takes numbers of any kind and nothing else into account.
 */
export class Quantile implements Accumulator {
  #fraction: number | undefined;
  readonly #chunks: { readonly numbers: Float64Array; readonly ids: GroupIds; readonly count: number }[] = [];

  constructor(readonly name: QuantileName) {}

  add(args: readonly Vector[], count: number, ids: GroupIds): number {
    if (count === 0) return 0;
    const [vector] = args;
    if (this.name !== "median") {
      this.#setFraction(args[1], count);
      check(vector, count);
    }
    const numbers = numbersOf(vector, count);
    const kept = new Float64Array(count);
    const groups = typeof ids === "number" ? ids : new Int32Array(count);
    let found = 0;
    for (let row = 0; row < count; row++) {
      const number = numbers[row];
      if (number !== number) continue;
      if (typeof groups !== "number") groups[found] = (ids as Int32Array)[row];
      kept[found++] = number;
    }
    if (found > 0) this.#chunks.push({ numbers: kept, ids: groups, count: found });
    return 0;
  }

  finish(groups: number): Vector {
    const starts = this.#starts(groups);
    const numbers = this.#byGroup(starts);
    const data = new Float64Array(groups);
    for (let group = 0; group < groups; group++) {
      data[group] = this.#quantileOf(numbers, starts[group], starts[group + 1]);
    }
    return { kind: "number", type: "real", data };
  }

  #setFraction(vector: Vector, count: number): void {
    const rows = vector.kind === "constant" ? 1 : count;
    for (let row = 0; row < rows; row++) {
      const fraction = fractionOf(valueAt(vector, row)) / (this.name === "percentile" ? 100 : 1);
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new UnsupportedAtRuntime(`${this.name} of something that is not a fraction`);
      }
      this.#fraction ??= fraction;
      if (fraction !== this.#fraction) throw new UnsupportedAtRuntime(`${this.name} with different fractions`);
    }
  }

  /** Where the numbers of each group begin. */
  #starts(groups: number): Float64Array {
    const starts = new Float64Array(groups + 1);
    for (const { ids, count } of this.#chunks) {
      if (typeof ids === "number") starts[ids + 1] += count;
      else for (let at = 0; at < count; at++) starts[ids[at] + 1]++;
    }
    for (let group = 0; group < groups; group++) starts[group + 1] += starts[group];
    return starts;
  }

  #byGroup(starts: Float64Array): Float64Array {
    const numbers = new Float64Array(starts.at(-1)!);
    const next = starts.slice();
    for (const chunk of this.#chunks) {
      const { ids, count } = chunk;
      if (typeof ids === "number") {
        numbers.set(chunk.numbers.subarray(0, count), next[ids]);
        next[ids] += count;
      } else for (let at = 0; at < count; at++) numbers[next[ids[at]]++] = chunk.numbers[at];
    }
    this.#chunks.length = 0;
    return numbers;
  }

  #quantileOf(numbers: Float64Array, start: number, end: number): number {
    const count = end - start;
    if (count === 0) return NaN;
    if (this.name === "median") {
      const middle = start + (count >> 1);
      const upper = select(numbers, start, end, middle);
      return count % 2 === 1 ? upper : (greatest(numbers, start, middle) + upper) / 2;
    }
    const place = this.#fraction! * (count - 1);
    const below = Math.floor(place);
    const lower = select(numbers, start, end, start + below);
    if (this.name === "percentile_disc" || place === below || below === count - 1) return lower;
    return lower + (least(numbers, start + below + 1, end) - lower) * (place - below);
  }
}

/** NaN for other values. */
function fractionOf(value: Value): number {
  const number = applyAffinity("numeric", value);
  return typeof number === "number" || typeof number === "bigint" ? Number(number) : NaN;
}

/** Leaves to SQLite what it refuses. */
function check(vector: Vector, count: number): void {
  const rows = vector.kind === "constant" ? 1 : count;
  if (vector.kind === "number") {
    for (let row = 0; row < rows; row++) {
      if (Math.abs(vector.data[row]) === Infinity) throw new UnsupportedAtRuntime("a percentile of an infinity");
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    const value = valueAt(vector, row);
    if (value === null || typeof value === "bigint") continue;
    if (typeof value !== "number") throw new UnsupportedAtRuntime("a percentile of something that is not a number");
    if (Math.abs(value) === Infinity) throw new UnsupportedAtRuntime("a percentile of an infinity");
  }
}

function greatest(numbers: Float64Array, start: number, end: number): number {
  let best = -Infinity;
  for (let at = start; at < end; at++) if (numbers[at] > best) best = numbers[at];
  return best;
}

function least(numbers: Float64Array, start: number, end: number): number {
  let best = Infinity;
  for (let at = start; at < end; at++) if (numbers[at] < best) best = numbers[at];
  return best;
}
