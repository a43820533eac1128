import type { Snapshot } from "../../snapshot/snapshot.ts";
import type { Vector } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import { valueAt } from "../../vectors/gather.ts";
import { columnOfRows } from "./row_columns.ts";
import { RUNS } from "./runs.ts";
import { vectorOfValues } from "../../vectors/value_vector.ts";
import { isAddition } from "../../../repo/experiments/addition.ts";
import { wholeValue } from "../../values/json_values.ts";

/**
 * A column of `experiments` that `*` does not show: what its runs and notes say of it.
 *
 * @param expOfRun The experiment of each run, by their numbers; runs stand from the oldest to the newest.
 */
export async function experimentFact(
  { experiments, runs, now }: Snapshot,
  expOfRun: Int32Array,
  column: string,
  path?: readonly string[],
): Promise<Vector> {
  switch (column) {
    case "age_ms":
      return vectorOfValues(
        Array.from({ length: experiments.length }, (_, at) => wholeValue(now - experiments.createdAt(at))),
      );
    case "note":
      return vectorOfValues(
        experiments.map((row) => row.notes.notes.findLast(({ run }) => run === undefined)?.text ?? null),
      );
    case "deleted":
      return vectorOfValues(experiments.map((row) => row.notes.deleted ? 1n : 0n));
    case "duration_ms":
      return sumOfRuns((run) => runs.statusOf(run)?.durationMs, null);
    case "lost_events":
      return sumOfRuns((run) => runs.statusOf(run)?.lost, 0n);
    default:
      return await ofNewestRun();
  }

  function sumOfRuns(of: (run: number) => number | undefined, none: Value): Vector {
    const sums = new Float64Array(experiments.length).fill(NaN);
    for (let run = 0; run < runs.length; run++) {
      const number = of(run);
      if (number === undefined || Number.isNaN(number)) continue;
      const exp = expOfRun[run];
      sums[exp] = Number.isNaN(sums[exp]) ? number : sums[exp] + number;
    }
    return vectorOfValues(Array.from(sums, (sum) => wholeValue(sum) ?? none));
  }

  async function ofNewestRun(): Promise<Vector> {
    const newest = new Int32Array(experiments.length).fill(-1);
    for (let run = 0; run < runs.length; run++) {
      const exp = expOfRun[run];
      // A run that only adds to another one says nothing of how that was made.
      if (
        newest[exp] < 0 || !isAddition(runs.at(run).run.definition) || isAddition(runs.at(newest[exp]).run.definition)
      ) {
        newest[exp] = run;
      }
    }
    const rows: number[] = [];
    const places = newest.map((run) => run < 0 ? -1 : rows.push(run) - 1);
    const found = await columnOfRows(RUNS, rows.map((run) => runs.at(run)), column, path);
    if (rows.length === experiments.length) return found;
    return vectorOfValues(Array.from(places, (at) => at < 0 ? null : valueAt(found, at)));
  }
}
