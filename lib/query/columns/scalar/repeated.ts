import type { Plan, Scalar } from "../../plan/plan.ts";
import { isTrivial, mapParts, NULL, scalarKey } from "../../plan/scalars.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { Kernel, TruthKernel } from "./kernel.ts";

/** What is kept of a kernel: its answer for the last batch. */
interface Kept<T> {
  batch: Batch | undefined;
  answer: T | undefined;
  readonly run: (batch: Batch) => T;
}

/** Scalars that occur more than once: they are compiled once, and computed once for a batch. */
export class RepeatedScalars {
  readonly #numbers = new Map<Scalar, number>();
  readonly #known = new Map<string, number>();
  readonly #counts: number[] = [];
  readonly #vectors = new Map<number, Kernel>();
  readonly #truths = new Map<number, TruthKernel>();
  readonly #kept: Kept<unknown>[] = [];
  readonly #plans: Plan[] = [];

  constructor(scalars: readonly Scalar[]) {
    for (const scalar of scalars) this.#number(scalar);
  }

  vector(scalar: Scalar, make: () => Kernel): Kernel {
    return this.#once(this.#vectors, scalar, make);
  }

  truth(scalar: Scalar, make: () => TruthKernel): TruthKernel {
    return this.#once(this.#truths, scalar, make);
  }

  /** Whether a scalar is among them, or is not known. */
  has(scalar: Scalar): boolean {
    const number = this.#numbers.get(scalar);
    return number === undefined || this.#counts[number] > 1;
  }

  forget(): void {
    for (const kept of this.#kept) kept.batch = kept.answer = undefined;
  }

  #once<T>(
    made: Map<number, (batch: Batch) => T>,
    scalar: Scalar,
    make: () => (batch: Batch) => T,
  ): (batch: Batch) => T {
    const number = this.#numbers.get(scalar);
    if (number === undefined || !this.has(scalar) || isTrivial(scalar)) return make();
    const before = made.get(number);
    if (before !== undefined) return before;
    const kept: Kept<T> = { batch: undefined, answer: undefined, run: make() };
    this.#kept.push(kept);
    const run = (batch: Batch): T => {
      if (kept.batch !== batch) {
        kept.answer = kept.run(batch);
        kept.batch = batch;
      }
      return kept.answer as T;
    };
    made.set(number, run);
    return run;
  }

  /** Scalars that are the same have one number, which follows from those of their parts. */
  #number(scalar: Scalar): number {
    const parts: number[] = [];
    mapParts(scalar, (part) => {
      parts.push(this.#number(part));
      return part;
    });
    const key = `${parts.join()} ${this.#ownText(scalar)}`;
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.#counts.length;
      this.#known.set(key, number);
      this.#counts.push(0);
    }
    this.#counts[number]++;
    this.#numbers.set(scalar, number);
    return number;
  }

  /** What distinguishes a scalar from others with the same parts. */
  #ownText(scalar: Scalar): string {
    switch (scalar.kind) {
      case "subquery":
      case "exists":
        return `${scalar.kind} ${this.#planNumber(scalar.plan)}`;
      case "in":
        if (scalar.set.kind === "plan") return `in ${this.#planNumber(scalar.set.plan)} ${scalar.set.affinity}`;
    }
    return scalarKey(mapParts(scalar, () => NULL));
  }

  #planNumber(plan: Plan): number {
    const at = this.#plans.indexOf(plan);
    return at < 0 ? this.#plans.push(plan) - 1 : at;
  }
}
