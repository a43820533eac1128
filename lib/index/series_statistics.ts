import type { LogEvent } from "../format/events/event.ts";
import { type Point, seriesOf } from "../format/events/series_key.ts";
import type { Problem } from "../repo/problems/problem.ts";
import type { Run } from "../repo/experiments/run.ts";

/** Statistics of one series. */
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
  /** Called for each line that is not an event; the line is skipped. */
  readonly onProblem?: (problem: Problem) => void;
}

/** What is done with what a run's logs say. */
export interface ScanActions {
  readonly point: (point: Point, event: LogEvent) => void;
  readonly event?: (event: LogEvent) => void;
  /** A log is read to its end. */
  readonly end?: () => void;
}

/** Goes through all logs of a run but what it printed. */
export async function scanRun(run: Run, on: ScanActions, options: ScanOptions = {}): Promise<void> {
  for (const name of await run.logs()) {
    if (name === "stdout") continue;
    for await (const batch of run.log(name).batches(options)) {
      for (const event of batch) {
        on.event?.(event);
        for (const point of seriesOf(event)) on.point(point, event);
      }
    }
    on.end?.();
  }
}

interface TimedSummary extends SeriesSummary {
  readonly firstTime: number;
  lastTime: number;
}

/** The series of a run. Of one that several logs have, `first` and `last` are by time, as in queries. */
export class SummaryBuilder {
  readonly #all = new Map<string, TimedSummary>();
  #log = new Map<string, TimedSummary>();

  /** Takes a point of the log that is read. `ts`: its time; NaN if unknown. */
  add({ key, step, value }: Point, ts: number): void {
    const found = this.#log.get(key);
    if (found === undefined) {
      const at = step ?? 0;
      const steps = { firstStep: at, lastStep: at, minStep: at, maxStep: at };
      const ends = { first: value, last: value, min: value, max: value, firstTime: ts, lastTime: ts };
      this.#log.set(key, { key, count: 1, ...ends, ...steps });
      return;
    }
    const at = step ?? found.count;
    found.count++;
    found.last = value;
    found.lastStep = at;
    found.lastTime = ts;
    if (value < found.min || Number.isNaN(found.min)) [found.min, found.minStep] = [value, at];
    if (value > found.max || Number.isNaN(found.max)) [found.max, found.maxStep] = [value, at];
  }

  /** The log is read. */
  endLog(): void {
    for (const [key, own] of this.#log) {
      const other = this.#all.get(key);
      this.#all.set(key, other === undefined ? own : mergeSummaries(other, own));
    }
    this.#log = new Map();
  }

  /** What there is, sorted by key. */
  get series(): SeriesSummary[] {
    const all = [...this.#all.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return all.map(({ firstTime: _, lastTime: __, ...summary }) => summary);
  }
}

/** The same series of two logs. Where a time is not known, or two are equal, the order of logs decides. */
function mergeSummaries(a: TimedSummary, b: TimedSummary): TimedSummary {
  const first = b.firstTime < a.firstTime ? b : a;
  const last = b.lastTime < a.lastTime ? a : b;
  const min = Number.isNaN(a.min) || b.min < a.min ? b : a;
  const max = Number.isNaN(a.max) || b.max > a.max ? b : a;
  return {
    key: a.key,
    count: a.count + b.count,
    ...{ first: first.first, firstStep: first.firstStep, firstTime: first.firstTime },
    ...{ last: last.last, lastStep: last.lastStep, lastTime: last.lastTime },
    ...{ min: min.min, minStep: min.minStep, max: max.max, maxStep: max.maxStep },
  };
}

/** Takes a point into the curve of its series. */
export function addToCurves(all: Map<string, Curve>, { key, step, value }: Point): void {
  let curve = all.get(key);
  if (curve === undefined) all.set(key, curve = { steps: [], values: [] });
  curve.steps.push(step ?? curve.values.length);
  curve.values.push(value);
}
