import type { Value } from "../../../values/value.ts";
import { MAX_INTEGER, MIN_INTEGER } from "../../../values/number_text.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import { grownBytes, grownNumbers } from "./accumulator.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** From here on SQLite adds an INTEGER to REALs in two parts. */
const IN_PARTS = 2 ** 52;
const PART = 16384;

/**
 * Sums as SQLite has them (since 3.43): exact while there are only INTEGERs, from the first REAL on by Kahan and Babuška,
 * where the error that rounding makes is summed beside the sum.
 */
export class Sums {
  /** Of INTEGERs; NaN: it is in `large`. */
  whole = new Float64Array(16);
  /** Whether REALs were among them. */
  isReal = new Uint8Array(16);
  real = new Float64Array(16);
  error = new Float64Array(16);
  counts = new Float64Array(16);
  readonly #large = new Map<number, bigint>();

  reserve(groups: number): void {
    if (this.whole.length >= groups) return;
    this.whole = grownNumbers(this.whole, groups);
    this.isReal = grownBytes(this.isReal, groups);
    this.real = grownNumbers(this.real, groups);
    this.error = grownNumbers(this.error, groups);
    this.counts = grownNumbers(this.counts, groups);
  }

  /** Adds an INTEGER of at most 2^53. */
  addWhole(group: number, number: number): void {
    this.counts[group]++;
    if (this.isReal[group] !== 0) return this.#addInParts(group, number);
    const sum = this.whole[group] + number;
    if (sum <= MAX_SAFE && sum >= -MAX_SAFE) this.whole[group] = sum;
    else this.#addLarge(group, BigInt(number));
  }

  /** Adds a REAL. */
  addReal(group: number, number: number): void {
    this.counts[group]++;
    if (this.isReal[group] === 0) this.becomeReal(group);
    this.#step(group, number);
  }

  /** Adds an INTEGER of any size. */
  addInteger(group: number, integer: bigint): void {
    if (BigInt.asIntN(53, integer) === integer) return this.addWhole(group, Number(integer));
    this.counts[group]++;
    if (this.isReal[group] === 0) return this.#addLarge(group, integer);
    const part = integer % BigInt(PART);
    this.#step(group, Number(integer - part));
    this.#step(group, Number(part));
  }

  /** Goes on with REALs. */
  becomeReal(group: number): void {
    const integer = this.#large.get(group);
    const whole = integer === undefined ? this.whole[group] : 0;
    this.isReal[group] = 1;
    if (integer !== undefined) {
      const part = integer % BigInt(PART);
      this.real[group] = Number(integer - part);
      this.error[group] = Number(part);
    } else if (whole >= IN_PARTS || whole <= -IN_PARTS) {
      const part = whole % PART;
      this.real[group] = whole - part;
      this.error[group] = part;
    } else this.real[group] = whole;
  }

  /** `sum`: NULL of nothing. */
  sum(group: number): Value {
    if (this.counts[group] === 0) return null;
    if (this.isReal[group] === 0) return this.#large.get(group) ?? BigInt(this.whole[group]);
    const sum = this.total(group);
    return sum === sum ? sum : null;
  }

  /** The sum as a REAL; NaN where infinities cancel each other out. */
  total(group: number): number {
    if (this.isReal[group] === 0) return Number(this.#large.get(group) ?? this.whole[group]);
    const error = this.error[group];
    return Number.isFinite(error) ? this.real[group] + error : this.real[group];
  }

  /** Whether a sum of INTEGERs is beyond 2^53. */
  get hasLarge(): boolean {
    return this.#large.size > 0;
  }

  #step(group: number, number: number): void {
    const sum = this.real[group];
    const next = sum + number;
    this.error[group] += Math.abs(sum) > Math.abs(number) ? (sum - next) + number : (number - next) + sum;
    this.real[group] = next;
  }

  #addInParts(group: number, number: number): void {
    if (number < IN_PARTS && number > -IN_PARTS) return this.#step(group, number);
    const part = number % PART;
    this.#step(group, number - part);
    this.#step(group, part);
  }

  #addLarge(group: number, integer: bigint): void {
    const sum = (this.#large.get(group) ?? BigInt(this.whole[group])) + integer;
    if (sum > MAX_INTEGER || sum < MIN_INTEGER) throw new UnsupportedAtRuntime("a sum of integers beyond 64 bits");
    this.#large.set(group, sum);
    this.whole[group] = NaN;
  }
}
