import { sampleOf } from "../statistics/sample.ts";

/** What is expected of the values of a series. Says what is found instead; undefined where it holds. NaN never does. */
export interface SeriesCheck {
  /** What follows "expected the series to". */
  readonly expected: string;
  readonly fails: (values: readonly number[]) => string | undefined;
}

/** How a series is to change. */
export interface TrendOptions {
  /** Each value has to lie beyond the one before it. Default: the mean of the last quarter beyond that of the first. */
  readonly strictly?: boolean;
}

/** A part of the values at each end, of which the means are compared. */
const END_PART = 1 / 4;

/** That a series goes down, or up. */
export function trend(direction: "decrease" | "increase", { strictly = false }: TrendOptions): SeriesCheck {
  const isBeyond = (a: number, b: number) => direction === "decrease" ? b < a : b > a;
  return {
    expected: `${direction}${strictly ? " strictly" : ""}`,
    fails(values) {
      if (values.length < 2) return `it has ${values.length === 1 ? "one value" : "no values"}`;
      if (strictly) {
        const at = values.findIndex((value, at) => at > 0 && !isBeyond(values[at - 1], value));
        return at < 0 ? undefined : `value ${at} is ${values[at]} after ${values[at - 1]}`;
      }
      const count = Math.max(1, Math.floor(values.length * END_PART));
      const [from, to] = [sampleOf(values.slice(0, count)).mean, sampleOf(values.slice(-count)).mean];
      if (isBeyond(from, to)) return undefined;
      return count === 1 ? `it goes from ${from} to ${to}` : `the mean of ${count} values goes from ${from} to ${to}`;
    },
  };
}

/** What the last value has to be. */
export function last(expected: string, holds: (value: number) => boolean): SeriesCheck {
  return {
    expected: `end ${expected}`,
    fails(values) {
      const value = values.at(-1);
      return value === undefined ? "it has no values" : holds(value) ? undefined : `its last value is ${value}`;
    },
  };
}

/** What every value has to be. */
export function every(expected: string, holds: (value: number) => boolean): SeriesCheck {
  return {
    expected,
    fails(values) {
      if (values.length === 0) return "it has no values";
      const at = values.findIndex((value) => !holds(value));
      return at < 0 ? undefined : `value ${at} is ${values[at]}`;
    },
  };
}

/** How many values there are. */
export function length(least: number, most: number): SeriesCheck {
  return {
    expected: least === most ? `have ${least} values` : `have at least ${least} values`,
    fails: ({ length }) => length >= least && length <= most ? undefined : `it has ${length}`,
  };
}
