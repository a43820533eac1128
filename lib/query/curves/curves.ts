import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { columnsOf, seriesKey, type SeriesRow, siblingOf } from "../../index/series_table.ts";
import { namesOf, seriesMatcher } from "../../index/series_name.ts";
import type { QueryValue } from "../result/answer.ts";
import { reduceCurve } from "./reduce_curve.ts";
import type { ExperimentFilter } from "../list/filter.ts";
import { shorthandQuestion } from "../list/shorthand.ts";
import { pointingInto } from "../question.ts";
import type { AskOptions, View } from "../view.ts";

/** What a curve is drawn over: `time` in milliseconds since the Unix epoch, `relative` in seconds since the run was made. */
export type CurveX = "step" | "time" | "relative" | "epoch";

/** What the curves of a group come down to at each x. `std` is of a sample (n - 1). */
export type CurveAggregate = "mean" | "std" | "min" | "max" | "count";

/** Which curves, and how. */
export interface CurveSelector extends ExperimentFilter {
  /** The whole key of a series, its last part, or a glob of either. */
  readonly series: string;
  /** Default `step`. */
  readonly x?: CurveX;
  /** Weight of the past in an exponential mean without bias at the start, from 0 (none) to below 1. */
  readonly smooth?: number;
  /** Columns of experiments: the curves of experiments that are alike in them become one, with `aggregates`. */
  readonly groupBy?: readonly string[];
  /** Default: mean and std. */
  readonly aggregates?: readonly CurveAggregate[];
  /** At most so many points a curve, with the least and greatest value of each stretch kept. Default: all. */
  readonly points?: number;
}

/** A curve. */
export interface Curve {
  /** What tells it from the others: exp, run, log and series; or series and the columns of `groupBy`. */
  readonly labels: Readonly<Record<string, QueryValue>>;
  readonly x: Float64Array;
  /** `value`, or the aggregates. */
  readonly y: Readonly<Record<string, Float64Array>>;
}

/** Whether curves are drawn over the times of events. */
export function needsTimes({ x }: CurveSelector): boolean {
  return x === "time" || x === "relative";
}

export const CURVE_AGGREGATES: readonly CurveAggregate[] = ["mean", "std", "min", "max", "count"];

/** Reads curves. Throws `UsageError` where no series has the name, with the near one. */
export async function curvesOf(view: View, selector: CurveSelector, options: AskOptions = {}): Promise<Curve[]> {
  const { smooth = 0, groupBy, points } = selector;
  if (!(smooth >= 0 && smooth < 1)) throw new UsageError(`Cannot smooth by ${smooth}: it must be from 0 to below 1`);
  const matches = seriesMatcher(selector.series);
  const { rows: all } = view.allSeries;
  const named = all.filter((row) => matches(seriesKey(row)));
  if (named.length === 0 && all.length > 0) {
    const hint = didYouMean(selector.series, [...namesOf(all.map(seriesKey))]);
    throw new UsageError(`Cannot find the series "${selector.series}"${hint || "; dbx schema lists them"}`);
  }
  const labels = await labelsOf(view, selector, options);
  const rows = named.filter((row) => labels.has(row.log.run.exp.experiment.id));
  const made = rows.map((row) => curveOf(row, selector.x ?? "step", smooth));
  const curves = groupBy === undefined ? made : grouped(made, rows, labels, selector.aggregates ?? ["mean", "std"]);
  return points === undefined ? curves : curves.map((curve) => reduceCurve(curve, points));
}

/** The experiments that are asked for, by id, with the values of the columns that group them. */
async function labelsOf(
  view: View,
  selector: CurveSelector,
  options: AskOptions,
): Promise<Map<QueryValue, Record<string, QueryValue>>> {
  const { groupBy = [] } = selector;
  const question = shorthandQuestion({ ...selector, cols: ["exp", ...groupBy] }, options.now ?? Date.now());
  return await pointingInto(question, async () => {
    using answer = await view.askQuestion(question, options);
    const labels = new Map<QueryValue, Record<string, QueryValue>>();
    for await (const [exp, ...values] of answer) {
      labels.set(exp, Object.fromEntries(groupBy.map((name, at) => [name, values[at]])));
    }
    return labels;
  });
}

function curveOf(row: SeriesRow, over: CurveX, smooth: number): Curve {
  const { run, exp } = row.log.run;
  const source = over === "relative" ? "time" : over;
  const parts = source === "epoch" ? epochsOf(row) : [...columnsOf(row, [source === "time" ? "ts" : "step"])];
  const x = joined(parts.map(({ columns }) => columns[0]));
  if (over === "relative") {
    const start = Number.isFinite(run.createdAt) ? run.createdAt : x[0];
    for (let i = 0; i < x.length; i++) x[i] = (x[i] - start) / 1000;
  }
  const values = joined([...columnsOf(row, ["value"])].map(({ columns }) => columns[0]));
  const labels = { exp: exp.experiment.id, run: run.id, log: row.log.name, series: seriesKey(row) };
  return { labels, x, y: { value: smooth > 0 ? smoothed(values, smooth) : values } };
}

function epochsOf(row: SeriesRow): { readonly columns: readonly Float64Array[] }[] {
  // The last coordinate of `train/epoch/*` is the epoch, unless the data has one of its own.
  const parts = siblingOf(row, "epoch");
  if (parts !== undefined) return parts;
  if (/(^|\/)epoch\/\*(\/[^*/]+)*$/.test(row.event)) return [...columnsOf(row, ["step"])];
  throw new UsageError(
    `Cannot draw "${seriesKey(row)}" over epochs: its events have none; --x step draws it over steps`,
  );
}

/** One array of its own, which may be changed. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** An exponential mean, divided by the weight that its values have had so far, as TensorBoard smooths. */
function smoothed(values: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let mean = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      out[i] = value;
      continue;
    }
    mean = mean * weight + value * (1 - weight);
    total = total * weight + 1 - weight;
    out[i] = mean / total;
  }
  return out;
}

/** One curve for the experiments that are alike, with what their values come down to at each x. */
function grouped(
  curves: readonly Curve[],
  rows: readonly SeriesRow[],
  labels: ReadonlyMap<QueryValue, Record<string, QueryValue>>,
  aggregates: readonly CurveAggregate[],
): Curve[] {
  const groups = new Map<string, { labels: Record<string, QueryValue>; members: Curve[] }>();
  curves.forEach((curve, at) => {
    const own = labels.get(rows[at].log.run.exp.experiment.id)!;
    const key = JSON.stringify([curve.labels.series, ...Object.values(own).map(textOf)]);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, group = { labels: { series: curve.labels.series, ...own }, members: [] });
    group.members.push(curve);
  });
  return [...groups.values()].map(({ labels, members }) => {
    const { x, y } = aggregated(members);
    return { labels, x, y: Object.fromEntries(aggregates.map((name) => [name, y[name]])) };
  });
}

/** A value as a text that no other has: JSON has neither the infinities nor great whole numbers. */
function textOf(value: QueryValue): string {
  return `${typeof value} ${value instanceof Uint8Array ? value.toHex() : String(value)}`;
}

function aggregated(members: readonly Curve[]): { x: Float64Array; y: Record<CurveAggregate, Float64Array> } {
  const values = new Map<number, number[]>();
  for (const { x, y: { value } } of members) {
    for (let i = 0; i < x.length; i++) {
      if (Number.isNaN(x[i]) || Number.isNaN(value[i])) continue;
      const known = values.get(x[i]);
      if (known === undefined) values.set(x[i], [value[i]]);
      else known.push(value[i]);
    }
  }
  const x = Float64Array.from(values.keys()).sort();
  const y = Object.fromEntries(CURVE_AGGREGATES.map((name) => [name, new Float64Array(x.length)])) as Record<
    CurveAggregate,
    Float64Array
  >;
  x.forEach((at, i) => {
    const all = values.get(at)!;
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    y.count[i] = all.length;
    y.mean[i] = mean;
    y.std[i] = all.length > 1 ? Math.sqrt(squares / (all.length - 1)) : NaN;
    y.min[i] = all.reduce((least, value) => Math.min(least, value));
    y.max[i] = all.reduce((most, value) => Math.max(most, value));
  });
  return { x, y };
}
