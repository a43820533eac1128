import type { ExperimentFilter } from "../list/filter.ts";
import type { QueryValue } from "../result/answer.ts";

/** What the curves of a group come down to at each x. `std` is of a sample (n - 1). */
export type CurveAggregate = "mean" | "std" | "min" | "max" | "count";

/** Which curves, and how. */
export interface CurveSelector extends ExperimentFilter {
  /** The whole key of a series, its last part, or a glob of either. */
  readonly series: string;
  /**
   * What the curves are over: `step`, which is that of the data or else the innermost number of the event's name; `time` in
   * milliseconds since the Unix epoch; `relative` in seconds since the run was made; a level of the event's name, such as
   * `epoch` of `train/epoch/3/step/7`; or else a number of the same events' data. Default `step`.
   */
  readonly x?: string;
  /** Weight of the past in an exponential mean without bias at the start, from 0 (none) to below 1. */
  readonly smooth?: number;
  /**
   * Columns of experiments: the curves of experiments that are alike in them become one, with `aggregates`. Only values
   * with the same x and the same numbers in the events' names come together.
   */
  readonly groupBy?: readonly string[];
  /** Default: mean and std. */
  readonly aggregates?: readonly CurveAggregate[];
  /** At most so many points a curve, with the least and greatest value of each stretch kept. Default: all. */
  readonly points?: number;
}

/** A curve. */
export interface Curve {
  /** What distinguishes it from the others: exp, run, log and series; or series and the columns of `groupBy`. */
  readonly labels: Readonly<Record<string, QueryValue>>;
  readonly x: Float64Array;
  /** `value`, or the aggregates. */
  readonly y: Readonly<Record<string, Float64Array>>;
  /** The numbers of the events' names, by `c0`, `c1`, … from the left, but for one that is x in every curve. */
  readonly coordinates: Readonly<Record<string, Float64Array>>;
}

export const CURVE_AGGREGATES: readonly CurveAggregate[] = ["mean", "std", "min", "max", "count"];
