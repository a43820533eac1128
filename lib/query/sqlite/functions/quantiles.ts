import type { Value } from "../../values/value.ts";
import { applyAffinity } from "../../values/convert.ts";
import type { RegisteredAggregate } from "../database.ts";
import { SortedNumbers } from "./sorted_numbers.ts";

interface State {
  readonly numbers: SortedNumbers;
  /** From 0 to 1. */
  fraction: number | undefined;
}

const start = (): State => ({ numbers: new SortedNumbers(), fraction: undefined });

/** The middle of all numbers; other values do not count. */
const MEDIAN: RegisteredAggregate<State> = {
  name: "median",
  count: 1,
  start,
  step: ({ numbers }, [value]) => {
    if (isNumber(value)) numbers.add(Number(value));
  },
  inverse: ({ numbers }, [value]) => {
    if (isNumber(value)) numbers.remove(Number(value));
  },
  result: ({ numbers }) => {
    const { count } = numbers;
    if (count === 0) return null;
    const middle = count >> 1;
    const upper = numbers.at(middle);
    return count % 2 === 1 ? upper : finite((numbers.at(middle - 1) + upper) / 2);
  },
  end: ({ numbers }) => numbers.clear(),
};

/** As in SQLite's extension, with its errors. */
function percentile(name: string, most: number, isDiscrete: boolean): RegisteredAggregate<State> {
  const check = (state: State, [value, given]: readonly Value[]): number | undefined => {
    const number = applyAffinity("numeric", given);
    const fraction = isNumber(number) ? Number(number) / most : NaN;
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new Error(`the fraction argument to ${name}() is not between 0.0 and ${most}.0`);
    }
    state.fraction ??= fraction;
    if (Math.abs(state.fraction - fraction) > 0.001) {
      throw new Error(`the fraction argument to ${name}() is not the same for all input rows`);
    }
    if (value === null) return undefined;
    if (!isNumber(value)) throw new Error(`input to ${name}() is not numeric`);
    if (Math.abs(Number(value)) === Infinity) throw new Error(`Inf input to ${name}()`);
    return Number(value);
  };
  return {
    name,
    count: 2,
    start,
    step: (state, values) => {
      const number = check(state, values);
      if (number !== undefined) state.numbers.add(number);
    },
    inverse: ({ numbers }, [value]) => {
      if (isNumber(value)) numbers.remove(Number(value));
    },
    result: ({ numbers, fraction = 0 }) => {
      const { count } = numbers;
      if (count === 0) return null;
      const place = fraction * (count - 1);
      const below = Math.floor(place);
      const lower = numbers.at(below);
      if (isDiscrete || place === below || below === count - 1) return lower;
      return finite(lower + (numbers.at(below + 1) - lower) * (place - below));
    },
    end: ({ numbers }) => numbers.clear(),
  };
}

/** Aggregates by rank. */
export const QUANTILES = [
  MEDIAN,
  percentile("percentile", 100, false),
  percentile("percentile_cont", 1, false),
  percentile("percentile_disc", 1, true),
] as const;

function isNumber(value: Value | undefined): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function finite(number: number): Value {
  return Number.isNaN(number) ? null : number;
}
