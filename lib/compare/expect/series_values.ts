import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { keysFor, namesOf } from "../../format/events/series_name.ts";
import { addToCurves, type Curve, scanRun } from "../../index/scan_run.ts";
import type { Run } from "../../repo/experiments/run.ts";
import { openReader } from "../../repo/open.ts";
import type { Store } from "../../store/store.ts";

/** A run that a script has logged: its place. It has to be finished, so that all of it is written. */
export interface WrittenRun {
  readonly id: string;
  /** The id of the experiment. */
  readonly exp: string;
  readonly store: Store;
}

/** The points of a series of a run, in the order in which they were logged. */
export async function seriesOfRun(run: Run | WrittenRun, name: string): Promise<Curve> {
  const read = "experiment" in run ? run : await (await openReader(run.store)).findRun(`${run.exp}/${run.id}`);
  const curves = new Map<string, Curve>();
  await scanRun(read, { point: (point) => addToCurves(curves, point) });
  const keys = keysFor(name, curves.keys());
  if (keys.length === 1) return curves.get(keys[0])!;
  if (keys.length > 1) {
    throw new UsageError(`Cannot choose between the series that "${name}" means: ${keys.join(", ")}; name one of them`);
  }
  const hint = didYouMean(name, [...namesOf(curves.keys())]) || (curves.size === 0 ? "; it has logged no numbers" : "");
  throw new UsageError(`Cannot find the series "${name}" in the run ${run.id}${hint}`);
}
