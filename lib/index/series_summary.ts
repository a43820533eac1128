import type { LogEvent } from "../format/event.ts";
import { type Point, seriesOf } from "../format/series.ts";
import type { Problem } from "../repo/problem.ts";
import type { Run } from "../repo/run.ts";

/** What a series comes down to. */
export interface SeriesSummary {
  /** `train/epoch/*:loss`. */
  readonly key: string;
  count: number;
  first: number;
  last: number;
  /** NaN where every value is NaN. */
  min: number;
  max: number;
  /** The steps of the first and the last point, of the least and the greatest value. */
  readonly firstStep: number;
  lastStep: number;
  minStep: number;
  maxStep: number;
}

/** One series with all its points, in the order in which they were logged. */
export interface Curve {
  readonly steps: number[];
  readonly values: number[];
}

/** How to go through a run's logs. */
export interface ScanOptions {
  readonly signal?: AbortSignal;
  /** Told of each line that is no event; the line is passed over. */
  readonly onProblem?: (problem: Problem) => void;
}

/** Calls `onPoint` for every point of a run, and `onEvent` for every event, of all its logs but what it printed. */
export async function scanRun(
  run: Run,
  on: { readonly point: (point: Point) => void; readonly event?: (event: LogEvent) => void },
  options: ScanOptions = {},
): Promise<void> {
  for (const name of await run.logs()) {
    if (name === "stdout") continue;
    for await (const batch of run.log(name).batches(options)) {
      for (const event of batch) {
        on.event?.(event);
        for (const point of seriesOf(event)) on.point(point);
      }
    }
  }
}

/** Every series of a run, by key, read from its logs. */
export async function summarizeRun(run: Run, options: ScanOptions = {}): Promise<Map<string, SeriesSummary>> {
  const all = new Map<string, SeriesSummary>();
  await scanRun(run, { point: (point) => addToSummaries(all, point) }, options);
  return all;
}

/** Takes a point into the summary of its series. */
export function addToSummaries(all: Map<string, SeriesSummary>, { key, step, value }: Point): void {
  const found = all.get(key);
  if (found === undefined) {
    const at = step ?? 0;
    const steps = { firstStep: at, lastStep: at, minStep: at, maxStep: at };
    all.set(key, { key, count: 1, first: value, last: value, min: value, max: value, ...steps });
    return;
  }
  const at = step ?? found.count;
  found.count++;
  found.last = value;
  found.lastStep = at;
  if (value < found.min || Number.isNaN(found.min)) [found.min, found.minStep] = [value, at];
  if (value > found.max || Number.isNaN(found.max)) [found.max, found.maxStep] = [value, at];
}

/** Takes a point into the curve of its series. */
export function addToCurves(all: Map<string, Curve>, { key, step, value }: Point): void {
  let curve = all.get(key);
  if (curve === undefined) all.set(key, curve = { steps: [], values: [] });
  curve.steps.push(step ?? curve.values.length);
  curve.values.push(value);
}
