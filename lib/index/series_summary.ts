import { type Point, seriesOf } from "../format/series.ts";
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
  /** The steps of the least and the greatest value. */
  minStep: number;
  maxStep: number;
}

/** One series with all its points, in the order in which they were logged. */
export interface Curve {
  readonly steps: number[];
  readonly values: number[];
}

/** The logs of dbx itself, which hold no series of the training. */
const OWN_LOGS = new Set(["dbx", "stdout"]);

async function* pointsOf(run: Run, signal?: AbortSignal): AsyncIterableIterator<Point> {
  for (const name of await run.logs()) {
    if (OWN_LOGS.has(name)) continue;
    for await (const batch of run.log(name).batches({ signal })) {
      for (const event of batch) yield* seriesOf(event);
    }
  }
}

/** Every series of a run, by key, read from its logs. */
export async function summarizeRun(run: Run, signal?: AbortSignal): Promise<Map<string, SeriesSummary>> {
  const all = new Map<string, SeriesSummary>();
  for await (const { key, step, value } of pointsOf(run, signal)) {
    const found = all.get(key);
    if (found === undefined) {
      const at = step ?? 0;
      all.set(key, { key, count: 1, first: value, last: value, min: value, max: value, minStep: at, maxStep: at });
      continue;
    }
    const at = step ?? found.count;
    found.count++;
    found.last = value;
    if (value < found.min || Number.isNaN(found.min)) [found.min, found.minStep] = [value, at];
    if (value > found.max || Number.isNaN(found.max)) [found.max, found.maxStep] = [value, at];
  }
  return all;
}

/** The points of the series of a run whose keys `wanted` accepts. */
export async function curvesOf(
  run: Run,
  wanted: (key: string) => boolean,
  signal?: AbortSignal,
): Promise<Map<string, Curve>> {
  const all = new Map<string, Curve>();
  for await (const { key, step, value } of pointsOf(run, signal)) {
    if (!wanted(key)) continue;
    let curve = all.get(key);
    if (curve === undefined) all.set(key, curve = { steps: [], values: [] });
    curve.steps.push(step ?? curve.values.length);
    curve.values.push(value);
  }
  return all;
}

/** Whether a short name means a series: the whole key, its last part (`val_loss`), or a glob of either. */
export function seriesMatcher(name: string): (key: string) => boolean {
  const escaped = name.replace(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll("*", ".*");
  const pattern = new RegExp(`^${escaped}$`);
  return (key) => key === name || pattern.test(key) || pattern.test(key.slice(key.indexOf(":") + 1));
}
