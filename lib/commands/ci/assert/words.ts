import type { Comparison, FailingExperiment, Measured, Outcome } from "../../../compare/assertion/outcome.ts";
import type { Sample } from "../../../compare/statistics/sample.ts";
import type { QueryValue } from "../../../query/result/answer.ts";
import { short } from "../../../terminal/values.ts";
import { probabilityWords, sampleWords, signed } from "../number_words.ts";

/** How many experiments a report names for one condition. */
const MAX_NAMED = 5;

/** What a person needs to know of a condition that failed. */
export function detailsOf(outcome: Outcome): string[] {
  const { remarks, comparison } = outcome;
  return [
    ...remarks,
    ...comparison === undefined ? [] : comparisonLines(comparison).map((line) => line.join("  ")),
    ...failingWords(outcome),
  ];
}

/** `3 experiments`. */
export function experiments(count: number): string {
  return count === 1 ? "1 experiment" : `${count} experiments`;
}

/** What was measured, in short. */
export function measuredWords({ value, sample }: Measured): string {
  return sample === undefined ? value : `${value} ${sampleWords(sample)}`;
}

/** How a value compares with its baseline, a line each: what it is called, and what is said. */
export function comparisonLines(comparison: Comparison): readonly (readonly [head: string, text: string])[] {
  const { value, current, baseline, tolerance, p } = comparison;
  if (baseline === undefined) return [[value, sampleWords(current)]];
  const isOne = current.count === 1 && baseline.count === 1;
  const counted = (sample: Sample) => `${sampleWords(sample)}${isOne ? "" : `  ${experiments(sample.count)}`}`;
  return [
    [value, counted(current)],
    ["baseline", counted(baseline)],
    ["difference", differenceWords(comparison)],
    ...tolerance > 0 ? [["tolerance", short(Number(tolerance.toPrecision(3)))] as const] : [],
    ...p === undefined ? [] : [["p", probabilityWords(p)] as const],
  ];
}

/** The difference of two means, and what part of the baseline it is. */
export function differenceWords({ current, baseline }: Pick<Comparison, "current" | "baseline">): string {
  if (baseline === undefined) return "";
  const difference = current.mean - baseline.mean;
  const part = difference / Math.abs(baseline.mean);
  return `${signed(difference)}${Number.isFinite(part) && difference !== 0 ? ` (${signed(part * 100, 3)} %)` : ""}`;
}

/** Experiments for which a condition is not true: some of them, and how many more there are. */
export function failingWords({ failing }: Outcome): string[] {
  const named = failing.slice(0, MAX_NAMED).map(oneFailing);
  const more = failing.length - named.length;
  return more === 0 ? named : [...named, `and ${more} more`];
}

function oneFailing({ id, values }: FailingExperiment): string {
  return [id, ...Object.entries(values).map(([name, value]) => `${name} = ${valueWords(value)}`)].join("  ");
}

/** A value of an experiment. */
export function valueWords(value: QueryValue): string {
  if (value === null) return "missing";
  return typeof value === "number" ? short(value) : value instanceof Uint8Array ? "bytes" : String(value);
}
