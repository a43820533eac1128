import type { LogEvent } from "../format/events/event.ts";
import { type Point, seriesOf } from "../format/events/series_key.ts";
import type { Problem } from "../repo/problems/problem.ts";
import type { Run } from "../repo/experiments/run.ts";

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
  /** `log`: the name of the log in which it stands. */
  readonly event?: (event: LogEvent, log: string) => void;
  /** A log is read to its end. */
  readonly end?: () => void;
}

/** Goes through all logs of a run but what it printed. */
export async function scanRun(run: Run, on: ScanActions, options: ScanOptions = {}): Promise<void> {
  for (const name of await run.logs()) {
    if (name === "stdout") continue;
    for await (const batch of run.log(name).batches(options)) {
      for (const event of batch) {
        on.event?.(event, name);
        for (const point of seriesOf(event)) on.point(point, event);
      }
    }
    on.end?.();
  }
}

/** Takes a point into the curve of its series. */
export function addToCurves(all: Map<string, Curve>, { key, step, value }: Point): void {
  let curve = all.get(key);
  if (curve === undefined) all.set(key, curve = { steps: [], values: [] });
  curve.steps.push(step ?? curve.values.length);
  curve.values.push(value);
}
