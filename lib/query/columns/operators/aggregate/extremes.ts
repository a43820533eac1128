import type { Value } from "../../../values/value.ts";
import { compareTexts, compareValues } from "../../../values/compare.ts";
import type { NumberType, Vector } from "../../../vectors/vector.ts";
import { valueAt } from "../../../vectors/gather.ts";
import type { GroupIds } from "../groups/groups.ts";
import { type Accumulator, grownBytes, grownNumbers } from "./accumulator.ts";

const NOTHING = 0;
const INTEGER = 1;
const REAL = 2;
/** In `#others`: a text, a blob, an integer beyond 2^53. */
const OTHER = 3;

/** `min` and `max`: the first of the least or greatest, with its type. NULL does not count. */
export class Extreme implements Accumulator {
  readonly #isMax: boolean;
  #kinds = new Uint8Array(16);
  #numbers = new Float64Array(16);
  readonly #others: Value[] = [];

  constructor(name: "min" | "max") {
    this.#isMax = name === "max";
  }

  add([vector]: readonly Vector[], count: number, ids: GroupIds, groups: number, hits?: Int32Array): number {
    this.#kinds = grownBytes(this.#kinds, groups);
    this.#numbers = grownNumbers(this.#numbers, groups);
    if (hits !== undefined) return this.#addWithHits(vector, count, ids, hits);
    if (vector.kind === "number") this.#addNumbers(vector.data, vector.type, count, ids);
    else if (vector.kind === "text") this.#addTexts(vector.codes, vector.words, count, ids);
    else if (vector.kind === "constant" && typeof ids === "number") {
      if (count > 0) this.#offer(vector.value, ids);
    } else {
      for (let row = 0; row < count; row++) this.#offer(valueAt(vector, row), typeof ids === "number" ? ids : ids[row]);
    }
    return 0;
  }

  finish(groups: number): Vector {
    this.#kinds = grownBytes(this.#kinds, groups);
    this.#numbers = grownNumbers(this.#numbers, groups);
    const found = [0, 0, 0, 0];
    let wholeReals = 0;
    for (let group = 0; group < groups; group++) {
      const kind = this.#kinds[group];
      found[kind]++;
      if (kind === NOTHING) this.#numbers[group] = NaN;
      if (kind === REAL && Number.isSafeInteger(this.#numbers[group])) wholeReals++;
    }
    if (found[OTHER] > 0 || found[INTEGER] > 0 && wholeReals > 0) {
      return { kind: "any", values: Array.from({ length: groups }, (_, group) => this.#valueOf(group)) };
    }
    const type = found[INTEGER] === 0 ? "real" : found[REAL] === 0 ? "integer" : "numeric";
    return { kind: "number", type, data: this.#numbers.subarray(0, groups) };
  }

  #valueOf(group: number): Value {
    const kind = this.#kinds[group];
    if (kind === NOTHING) return null;
    if (kind === OTHER) return this.#others[group];
    return kind === INTEGER ? BigInt(this.#numbers[group]) : this.#numbers[group];
  }

  #addNumbers(data: Float64Array, type: NumberType, count: number, ids: GroupIds): void {
    if (typeof ids === "number") {
      let best = this.#isMax ? -Infinity : Infinity;
      let at = -1;
      if (this.#isMax) {
        for (let row = 0; row < count; row++) {
          if (data[row] > best) {
            best = data[row];
            at = row;
          }
        }
      } else {
        for (let row = 0; row < count; row++) {
          if (data[row] < best) {
            best = data[row];
            at = row;
          }
        }
      }
      // Where there is nothing else, the worst of all is the best.
      if (at < 0) at = data.subarray(0, count).indexOf(best);
      if (at >= 0) this.#offerNumber(data[at], kindOf(data[at], type), ids);
      return;
    }
    const kinds = this.#kinds;
    const numbers = this.#numbers;
    const sign = this.#isMax ? 1 : -1;
    for (let row = 0; row < count; row++) {
      const number = data[row];
      if (number !== number) continue;
      const group = ids[row];
      const kind = kinds[group];
      if (kind === NOTHING || kind === OTHER) this.#offerNumber(number, kindOf(number, type), group);
      else if ((number - numbers[group]) * sign > 0) {
        numbers[group] = number;
        kinds[group] = kindOf(number, type);
      }
    }
  }

  #addTexts(codes: Int32Array, words: readonly string[], count: number, ids: GroupIds): void {
    const others = this.#others;
    const kinds = this.#kinds;
    const sign = this.#isMax ? 1 : -1;
    for (let row = 0; row < count; row++) {
      if (codes[row] < 0) continue;
      const group = typeof ids === "number" ? ids : ids[row];
      const text = words[codes[row]];
      const other = others[group];
      if (kinds[group] !== OTHER || typeof other !== "string") this.#offer(text, group);
      else if (other !== text && compareTexts(text, other) * sign > 0) others[group] = text;
    }
  }

  #addWithHits(vector: Vector, count: number, ids: GroupIds, hits: Int32Array): number {
    let found = 0;
    for (let row = 0; row < count; row++) {
      const group = typeof ids === "number" ? ids : ids[row];
      const value = valueAt(vector, row);
      // Before anything else was seen, SQLite takes the other columns from rows where it is NULL.
      const isHit = value === null ? this.#kinds[group] === NOTHING : this.#offer(value, group);
      if (isHit) hits[found++] = row;
    }
    return found;
  }

  /** Takes a value where it is better than the best. Returns whether. */
  #offer(value: Value, group: number): boolean {
    if (value === null) return false;
    if (typeof value === "number") return this.#offerNumber(value, REAL, group);
    if (typeof value === "bigint" && BigInt.asIntN(53, value) === value) {
      return this.#offerNumber(Number(value), INTEGER, group);
    }
    if (!this.#isBetter(value, group)) return false;
    this.#kinds[group] = OTHER;
    this.#others[group] = value;
    return true;
  }

  #offerNumber(number: number, kind: number, group: number): boolean {
    if (!this.#isBetter(number, group)) return false;
    this.#kinds[group] = kind;
    this.#numbers[group] = number;
    return true;
  }

  #isBetter(value: Value, group: number): boolean {
    const kind = this.#kinds[group];
    if (kind === NOTHING) return true;
    const order = compareValues(value, kind === OTHER ? this.#others[group] : this.#numbers[group]);
    return this.#isMax ? order > 0 : order < 0;
  }
}

function kindOf(number: number, type: NumberType): number {
  if (type === "numeric") return Number.isSafeInteger(number) ? INTEGER : REAL;
  return type === "integer" ? INTEGER : REAL;
}
