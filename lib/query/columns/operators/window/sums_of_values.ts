import type { Value } from "../../../values/value.ts";
import { vectorOfValues } from "../../../vectors/value_vector.ts";
import { MAX_INTEGER, MIN_INTEGER } from "../../../values/number_text.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { kahanTotal } from "./kahan.ts";
import type { Sliding } from "./slide.ts";
import type { SumName } from "./sums.ts";

/** Integers from here on are added in two parts. */
const GREAT = 2n ** 52n;

/** Sums of any values, exact over all integers of 64 bits. */
export class SumsOfValues implements Sliding {
  readonly #answers: Value[];
  #whole = 0n;
  #sum = 0;
  #error = 0;
  #count = 0;
  #hasReal = false;
  #isBeyond = false;

  constructor(readonly name: SumName, readonly summands: readonly (bigint | number | null)[]) {
    this.#answers = new Array(summands.length).fill(null);
  }

  reset(): void {
    this.#whole = 0n;
    this.#sum = 0;
    this.#error = 0;
    this.#count = 0;
    this.#hasReal = false;
    this.#isBeyond = false;
  }

  step(row: number): void {
    const x = this.summands[row];
    if (x === null) return;
    this.#count++;
    if (this.#hasReal) {
      if (typeof x === "number") this.#isBeyond = false;
      this.#add(x);
    } else if (typeof x === "bigint" && isInteger(this.#whole + x)) this.#whole += x;
    else {
      if (typeof x === "bigint") this.#isBeyond = true;
      this.#hasReal = true;
      this.#sum = 0;
      this.#error = 0;
      this.#start(this.#whole);
      this.#add(x);
    }
  }

  inverse(row: number): void {
    const x = this.summands[row];
    if (x === null) return;
    this.#count--;
    if (this.#hasReal) {
      if (x === MIN_INTEGER) {
        this.#add(MAX_INTEGER);
        this.#add(1n);
      } else this.#add(-x);
    } else {
      this.#whole -= x as bigint;
      if (!isInteger(this.#whole)) throw new UnsupportedAtRuntime("an integer overflow");
    }
  }

  #start(whole: bigint): void {
    const [great, small] = partsOf(whole);
    this.#sum = great;
    this.#error = small;
  }

  #add(x: bigint | number): void {
    if (typeof x === "number") return this.#addReal(x);
    const [great, small] = partsOf(x);
    this.#addReal(great);
    if (small !== 0) this.#addReal(small);
  }

  #addReal(x: number): void {
    const sum = this.#sum;
    const next = sum + x;
    this.#error += Math.abs(sum) > Math.abs(x) ? (sum - next) + x : (x - next) + sum;
    this.#sum = next;
  }

  result(row: number): void {
    this.#answers[row] = this.#answer();
  }

  #answer(): Value {
    if (this.#count === 0 && this.name !== "total") return null;
    if (this.name === "sum") {
      if (this.#isBeyond) throw new UnsupportedAtRuntime("an integer overflow");
      if (!this.#hasReal) return this.#whole;
    }
    const total = this.#hasReal ? kahanTotal(this.#sum, this.#error) : Number(this.#whole);
    const answer = this.name === "avg" ? total / this.#count : total;
    return Number.isNaN(answer) ? null : answer;
  }

  vector(): Vector {
    return vectorOfValues(this.#answers);
  }
}

function isInteger(x: bigint): boolean {
  return x >= MIN_INTEGER && x <= MAX_INTEGER;
}

/** An integer as a REAL that is exact, and what is left of it. */
function partsOf(x: bigint): [number, number] {
  if (x > -GREAT && x < GREAT) return [Number(x), 0];
  const small = x % 16384n;
  return [Number(x - small), Number(small)];
}
