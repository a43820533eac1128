import { gatherOrNull } from "../../../vectors/gather_or_null.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { orderKeys } from "./order_keys.ts";
import type { Sliding } from "./slide.ts";

/** The sign by which the greatest key is wanted. */
function keysFor(name: "min" | "max", vector: Vector, count: number): Float64Array {
  const keys = orderKeys(vector, count);
  return name === "max" ? keys : keys.map((key) => -key);
}

/** `min` and `max` of frames that only grow: the first of equal values. */
export class GrowingExtremes implements Sliding {
  readonly #keys: Float64Array;
  readonly #rows: Int32Array;
  #best = -1;

  constructor(name: "min" | "max", readonly values: Vector, count: number) {
    this.#keys = keysFor(name, values, count);
    this.#rows = new Int32Array(count);
  }

  reset(): void {
    this.#best = -1;
  }

  step(row: number): void {
    const key = this.#keys[row];
    if (this.#best < 0 ? key === key : key > this.#keys[this.#best]) this.#best = row;
  }

  inverse(): void {
    throw new Error("a row leaves a frame that only grows");
  }

  result(row: number): void {
    this.#rows[row] = this.#best;
  }

  vector(): Vector {
    return gatherOrNull(this.values, this.#rows);
  }
}

/** `min` and `max` of frames that move: the last of equal values, as SQLite has them. */
export class MovingExtremes implements Sliding {
  readonly #keys: Float64Array;
  readonly #rows: Int32Array;
  /** Rows of the frame of which none behind is better or equal: the first is the best. */
  readonly #queue: Int32Array;
  #first = 0;
  #end = 0;

  constructor(name: "min" | "max", readonly values: Vector, count: number) {
    this.#keys = keysFor(name, values, count);
    this.#rows = new Int32Array(count);
    this.#queue = new Int32Array(count);
  }

  reset(): void {
    this.#first = 0;
    this.#end = 0;
  }

  step(row: number): void {
    const keys = this.#keys;
    const queue = this.#queue;
    const key = keys[row];
    if (key !== key) return;
    let end = this.#end;
    while (end > this.#first && keys[queue[end - 1]] <= key) end--;
    queue[end] = row;
    this.#end = end + 1;
  }

  inverse(row: number): void {
    if (this.#first < this.#end && this.#queue[this.#first] === row) this.#first++;
  }

  result(row: number): void {
    this.#rows[row] = this.#first < this.#end ? this.#queue[this.#first] : -1;
  }

  vector(): Vector {
    return gatherOrNull(this.values, this.#rows);
  }
}
