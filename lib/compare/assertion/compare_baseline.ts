import type { Sample } from "../statistics/sample.ts";
import { welchTest } from "../statistics/welch.ts";
import type { BaselineComparison } from "./assertion.ts";
import type { Comparison } from "./outcome.ts";
import { type Tolerance, toleranceOf } from "./tolerance.ts";

/** How strictly a value is held against its baseline. */
export interface BaselineRules {
  /** Default: as good as the baseline, or better. */
  readonly tolerance?: Tolerance;
  /**
   * Worse is a failure only if a one-sided Welch's t-test finds chance less probable than this. Where a side has fewer than two
   * experiments, there is no test, and worse is worse.
   */
  readonly alpha?: number;
}

/** What a comparison has found. */
export interface Verdict {
  readonly passed: boolean;
  readonly remarks: readonly string[];
  readonly comparison: Comparison;
}

/** Holds the mean of a value against that of the baseline. What is NaN on either side never passes. */
export function compareWithBaseline(
  { value, better, isStrict }: BaselineComparison,
  current: Sample,
  baseline: Sample | undefined,
  { tolerance: rule = { amount: 0, unit: "" }, alpha }: BaselineRules = {},
): Verdict {
  if (baseline === undefined || Number.isNaN(baseline.mean)) {
    const comparison = { value, better, current, baseline: undefined, tolerance: 0 };
    return { passed: false, remarks: [`the baseline has no number for ${value}`], comparison };
  }
  const tolerance = toleranceOf(rule, baseline);
  const comparison: Comparison = { value, better, current, baseline, tolerance };
  if (Number.isNaN(current.mean)) {
    return { passed: false, remarks: [`${value} is not a number in every experiment`], comparison };
  }
  const sign = better === "higher" ? 1 : -1;
  const least = baseline.mean - sign * tolerance;
  const lead = sign * (current.mean - least);
  if (lead > 0 || lead === 0 && !isStrict) return { passed: true, remarks: [], comparison };
  const worse = `worse than the baseline${tolerance > 0 ? " by more than the tolerance" : ""}`;
  if (lead === 0) return { passed: false, remarks: [`${value} is not ${better} than the baseline`], comparison };
  if (alpha === undefined) return { passed: false, remarks: [`${value} is ${worse}`], comparison };
  const test = better === "higher" ? welchTest(baseline, current, tolerance) : welchTest(current, baseline, tolerance);
  if (test === undefined) {
    const remark = `${value} is ${worse}; a single value has no deviation to test by`;
    return { passed: false, remarks: [remark], comparison };
  }
  const passed = !(test.pGreater < alpha);
  const remark = passed ? `${value} is ${worse}, but not significantly` : `${value} is ${worse}, significantly`;
  return { passed, remarks: [remark], comparison: { ...comparison, p: test.pGreater } };
}
