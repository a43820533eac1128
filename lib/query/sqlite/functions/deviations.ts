import type { Value } from "../../values/value.ts";
import type { RegisteredAggregate } from "../database.ts";

/** Sums of the distances from the first number, so that a great mean does not swallow a small deviation. */
interface State {
  count: number;
  first: number;
  sum: number;
  squares: number;
  /** What the sums have lost by rounding. It counts only once numbers have been taken back. */
  sumError: number;
  squaresError: number;
  hasTakenBack: boolean;
  infinite: number;
}

const start = (): State => ({
  ...{ count: 0, first: 0, sum: 0, squares: 0, sumError: 0, squaresError: 0, hasTakenBack: false, infinite: 0 },
});

function change(state: State, value: Value, sign: 1 | -1): void {
  if (typeof value !== "number" && typeof value !== "bigint") return;
  const number = Number(value);
  if (Math.abs(number) === Infinity) {
    state.infinite += sign;
    return;
  }
  if (state.count === 0) {
    state.first = number;
    state.sum =
      state.squares =
      state.sumError =
      state.squaresError =
        0;
  }
  state.count += sign;
  const distance = number - state.first;
  const sum = state.sum + sign * distance;
  state.sumError += rounding(state.sum, sign * distance, sum);
  state.sum = sum;
  const square = sign * distance * distance;
  const squares = state.squares + square;
  state.squaresError += rounding(state.squares, square, squares);
  state.squares = squares;
}

/** What an addition lost. */
function rounding(a: number, b: number, sum: number): number {
  const part = sum - a;
  return (a - (sum - part)) + (b - part);
}

function deviation(name: string, isSample: boolean, isRoot: boolean): RegisteredAggregate<State> {
  return {
    name,
    count: 1,
    start,
    step: (state, [value]) => change(state, value, 1),
    inverse: (state, [value]) => {
      state.hasTakenBack = true;
      change(state, value, -1);
    },
    result: (state) => {
      const { count, infinite, hasTakenBack } = state;
      const divisor = isSample ? count - 1 : count;
      if (divisor < 1 || infinite > 0) return null;
      const sum = hasTakenBack ? state.sum + state.sumError : state.sum;
      const squares = hasTakenBack ? state.squares + state.squaresError : state.squares;
      const variance = Math.max(0, squares - sum * sum / count) / divisor;
      const found = isRoot ? Math.sqrt(variance) : variance;
      return Number.isNaN(found) ? null : found;
    },
  };
}

/** Deviations of a sample (n - 1), and `_pop` of all there is (n); other values do not count. */
export const DEVIATIONS = [
  deviation("stddev", true, true),
  deviation("stddev_pop", false, true),
  deviation("variance", true, false),
  deviation("variance_pop", false, false),
] as const;
