import type { QueryValue } from "../result/answer.ts";
import type { SqlDatabase } from "./database.ts";

/** Functions of one number that SQLite is given besides its own. NULL, and what is no number, gives NULL. */
export const MATH: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  floor: Math.floor,
  ceil: Math.ceil,
};

/**
 * Deviations: `stddev` and `variance` of a sample (n - 1), `_pop` of all there is (n). Sums are taken of the distances from
 * the first number, so that a great mean does not swallow a small deviation.
 */
export const DEVIATIONS: Readonly<Record<string, { readonly sample: boolean; readonly root: boolean }>> = {
  stddev: { sample: true, root: true },
  stddev_pop: { sample: false, root: true },
  variance: { sample: true, root: false },
  variance_pop: { sample: false, root: false },
};

/** A deviation of `count` numbers from the sums of their distances and of the squares of these. NaN where there is none. */
export function deviationOf(
  { sample, root }: { readonly sample: boolean; readonly root: boolean },
  count: number,
  sum: number,
  squares: number,
): number {
  const divisor = sample ? count - 1 : count;
  if (divisor < 1) return NaN;
  const variance = Math.max(0, squares - sum * sum / count) / divisor;
  return root ? Math.sqrt(variance) : variance;
}

interface Aggregate<T> {
  start(): T;
  step(state: T, x: QueryValue): T;
  result(state: T): number;
}

interface Distances {
  count: number;
  first: number;
  sum: number;
  squares: number;
}

/** Gives a database dbx's functions, beside those of SQLite. */
export function addFunctions(db: SqlDatabase): void {
  const aggregate = <T>(name: string, options: Aggregate<T>): void => db.aggregate(name, options);
  for (const [name, compute] of Object.entries(MATH)) {
    db.function(name, { deterministic: true }, (x: QueryValue) => typeof x === "number" ? compute(x) : null);
  }
  db.function(
    "pow",
    { deterministic: true },
    (x: QueryValue, y: QueryValue) => typeof x === "number" && typeof y === "number" ? x ** y : null,
  );
  for (const [name, which] of Object.entries(DEVIATIONS)) {
    aggregate(name, {
      start: (): Distances => ({ count: 0, first: 0, sum: 0, squares: 0 }),
      step: (state: Distances, x: QueryValue) => {
        if (typeof x !== "number") return state;
        if (state.count++ === 0) state.first = x;
        const distance = x - state.first;
        state.sum += distance;
        state.squares += distance * distance;
        return state;
      },
      result: ({ count, sum, squares }: Distances) => deviationOf(which, count, sum, squares),
    });
  }
  let room = db.mostNumbers ?? Infinity;
  aggregate("median", {
    start: (): number[] => [],
    step: (state: number[], x: QueryValue) => {
      if (typeof x !== "number") return state;
      if (--room < 0) throw new Error("the query needs more memory than it may have");
      state.push(x);
      return state;
    },
    result: (numbers: number[]) => {
      const sorted = Float64Array.from(numbers).sort();
      room += numbers.length;
      const middle = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    },
  });
}
