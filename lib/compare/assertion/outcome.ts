import type { QueryValue } from "../../query/result/answer.ts";
import type { Sample } from "../statistics/sample.ts";

/** What became of a condition. */
export interface Outcome {
  readonly assertion: string;
  readonly passed: boolean;
  /** Why it failed, or what qualifies that it passed; sentences without a full stop. */
  readonly remarks: readonly string[];
  /** What was measured. */
  readonly measured: readonly Measured[];
  /** How it compares with the baseline. */
  readonly comparison?: Comparison;
  /** Experiments for which the condition is not true. */
  readonly failing: readonly FailingExperiment[];
}

/** What was measured, over all experiments. */
export interface Measured {
  /** As it stands in the condition. */
  readonly value: string;
  /** Undefined where it is a text. */
  readonly sample?: Sample;
}

/** The means of a value, here and in the baseline. */
export interface Comparison {
  readonly value: string;
  readonly better: "higher" | "lower";
  readonly current: Sample;
  /** Undefined where the baseline has no such value. */
  readonly baseline: Sample | undefined;
  /** How much worse would have passed, in the unit of the value. */
  readonly tolerance: number;
  /** How probable it is that the mean is worse by chance as much as it is; undefined where that was not asked or cannot be said. */
  readonly p?: number;
}

/** An experiment that does not meet a condition. */
export interface FailingExperiment {
  readonly id: string;
  readonly values: Readonly<Record<string, QueryValue>>;
}

/** What became of all conditions. */
export interface AssertReport {
  readonly passed: boolean;
  readonly outcomes: readonly Outcome[];
  /** The experiments that were looked at. */
  readonly experiments: readonly string[];
  /** What all of it fails for, such as that nothing was matched. */
  readonly remarks: readonly string[];
}
