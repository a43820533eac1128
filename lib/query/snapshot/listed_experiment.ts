import type { Experiment } from "../../repo/experiments/experiment.ts";
import { NO_NOTES } from "../../repo/logs/notes.ts";
import { hasLife, type RunStatus } from "../../repo/logs/run_status.ts";
import type { SnapshotNeeds } from "./needs.ts";
import type { ExperimentRow, RunRow, Source } from "./rows/row_types.ts";

/** An experiment as it is looked at. */
export interface ListedExperiment {
  readonly exp: ExperimentRow;
  readonly runs: readonly RunRow[];
}

/** Looks at an experiment as far as a snapshot needs it; undefined where it is deleted, and those are not wanted. */
export async function listedExperiment(
  source: Source,
  experiment: Experiment,
  needs: SnapshotNeeds,
  { now, all }: { readonly now: number; readonly all?: boolean },
): Promise<ListedExperiment | undefined> {
  const notes = experiment.mayHaveNotes ? await experiment.notes() : NO_NOTES;
  if (notes.deleted && !all) return undefined;
  const own = needs.runs || needs.logs ? experiment.knownRuns() ?? await experiment.runs() : [];
  const statuses: RunStatus[] = [];
  if (needs.runStatus) {
    for (const run of own) statuses.push(run.knownEnding() ?? await run.status(now));
  }
  const known = statuses.findLast(hasLife) ?? statuses.at(-1);
  const status = needs.status ? known ?? await experiment.latestStatus(now) : undefined;
  const exp: ExperimentRow = { source, experiment, notes, runs: own.length, status };
  return { exp, runs: own.map((run, at) => ({ exp, run, status: statuses.at(at) })) };
}
