import type { Vector } from "../../../vectors/vector.ts";
import { kahanTotal } from "./kahan.ts";
import type { Sliding } from "./slide.ts";
import { numbersWithTypes } from "./typed_numbers.ts";

export type SumName = "sum" | "total" | "avg";

/** Sums of whole numbers, so small that no sum of a frame is beyond 2^53. */
export class WholeSums implements Sliding {
  readonly #answers: Float64Array;
  #sum = 0;
  #count = 0;

  constructor(readonly name: SumName, readonly data: Float64Array, count: number) {
    this.#answers = new Float64Array(count);
  }

  reset(): void {
    this.#sum = 0;
    this.#count = 0;
  }

  step(row: number): void {
    const x = this.data[row];
    if (x !== x) return;
    this.#sum += x;
    this.#count++;
  }

  inverse(row: number): void {
    const x = this.data[row];
    if (x !== x) return;
    this.#sum -= x;
    this.#count--;
  }

  result(row: number): void {
    if (this.name === "total") this.#answers[row] = this.#sum;
    else if (this.#count === 0) this.#answers[row] = NaN;
    else this.#answers[row] = this.name === "sum" ? this.#sum : this.#sum / this.#count;
  }

  vector(): Vector {
    return { kind: "number", type: this.name === "sum" ? "integer" : "real", data: this.#answers };
  }
}

/**
 * Sums of numbers among which there are REALs: INTEGER until the first REAL comes in, and from then on by Kahan and Babuška,
 * also once it has left.
 */
export class RealSums implements Sliding {
  readonly #answers: Float64Array;
  /** Which answers of `sum` are REAL, where there are INTEGERs too. */
  readonly #isReal: Uint8Array;
  #sum = 0;
  #error = 0;
  #count = 0;
  #hasReal = false;

  constructor(readonly name: SumName, readonly data: Float64Array, readonly mayBeWhole: boolean, count: number) {
    this.#answers = new Float64Array(count);
    this.#isReal = new Uint8Array(mayBeWhole ? count : 0);
  }

  reset(): void {
    this.#sum = 0;
    this.#error = 0;
    this.#count = 0;
    this.#hasReal = false;
  }

  step(row: number): void {
    const x = this.data[row];
    if (x !== x) return;
    this.#count++;
    if (!this.#hasReal) {
      if (this.mayBeWhole && Number.isSafeInteger(x)) {
        this.#sum += x;
        return;
      }
      this.#hasReal = true;
    }
    this.#add(x);
  }

  inverse(row: number): void {
    const x = this.data[row];
    if (x !== x) return;
    this.#count--;
    if (this.#hasReal) this.#add(-x);
    else this.#sum -= x;
  }

  #add(x: number): void {
    const sum = this.#sum;
    const next = sum + x;
    this.#error += Math.abs(sum) > Math.abs(x) ? (sum - next) + x : (x - next) + sum;
    this.#sum = next;
  }

  result(row: number): void {
    const total = kahanTotal(this.#sum, this.#error);
    if (this.name === "total") this.#answers[row] = total;
    else if (this.#count === 0) this.#answers[row] = NaN;
    else this.#answers[row] = this.name === "sum" ? total : total / this.#count;
    if (this.mayBeWhole && this.#hasReal) this.#isReal[row] = 1;
  }

  vector(): Vector {
    const isWhole = this.mayBeWhole && this.name === "sum";
    if (!isWhole) return { kind: "number", type: "real", data: this.#answers };
    return numbersWithTypes(this.#answers, this.#isReal);
  }
}
