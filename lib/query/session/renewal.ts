import { lastSegment } from "../../base/paths.ts";
import { opened } from "../../repo/lookup/named_experiments.ts";
import { listedExperiment } from "../snapshot/listed_experiment.ts";
import type { FileCatalogue } from "../snapshot/catalogue/file_catalogue.ts";
import type { Unsettled } from "../snapshot/catalogue/settled.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import { ChosenExperiments, ChosenRuns } from "../snapshot/rows/chosen_rows.ts";
import { JoinedExperiments, JoinedRuns } from "../snapshot/rows/joined_rows.ts";
import { rowsOf } from "../snapshot/rows/row_arrays.ts";
import type { ExperimentRow, RunRow, Source } from "../snapshot/rows/row_types.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { Entities } from "../tables/entities/entities.ts";
import { QuerySession } from "./session.ts";

/**
 * Views of a repository, for which only some experiments are looked at again: all others stay as they were seen, and so do the
 * columns that were made of them. The views know nothing of logs.
 */
export class Renewal {
  readonly #kept: Snapshot;
  readonly #columns: Entities;

  /** `folders`: of the experiments that are looked at again. */
  constructor(snapshot: Snapshot, readonly source: Source, readonly folders: ReadonlySet<string>) {
    this.#kept = without(snapshot, folders);
    this.#columns = new Entities(this.#kept);
  }

  /** What there is at a moment. */
  async view(
    needs: SnapshotNeeds,
    options: { readonly now: number; readonly all?: boolean; readonly signal?: AbortSignal },
  ): Promise<QuerySession> {
    const { source } = this;
    const experiments: ExperimentRow[] = [];
    const runs: RunRow[] = [];
    for (const folder of this.folders) {
      options.signal?.throwIfAborted();
      const experiment = await opened(source.repository, folder);
      const found = experiment && await listedExperiment(source, experiment, needs, options);
      if (found === undefined) continue;
      experiments.push(found.exp);
      runs.push(...found.runs);
    }
    const { now } = options;
    const kept = this.#kept;
    const others: Snapshot = { ...rowsOf({ experiments, runs, logs: [] }), read: [], now };
    const snapshot: Snapshot = {
      experiments: new JoinedExperiments(kept.experiments, others.experiments),
      runs: new JoinedRuns(kept.runs, others.runs, kept.experiments.length),
      logs: others.logs,
      read: kept.read,
      now,
    };
    return new QuerySession(snapshot, [this.#columns, new Entities(others)]);
  }
}

/**
 * The experiments that are still not settled, where they are at most half of those that were not: the next view need not look at
 * the others. To be asked after all were looked at; `lessons`: what the catalogue learnt meanwhile.
 */
export function fewerUnsettled(
  catalogue: FileCatalogue,
  before: Unsettled,
  lessons: ReadonlySet<string>,
  most: number,
): Unsettled | undefined {
  if (before.folders.size < 2) return undefined;
  const now = catalogue.unsettled(most);
  if (now === undefined || now.folders.size * 2 > before.folders.size) return undefined;
  // What was read just now may have been too young to be kept: then the catalogue has the earlier state.
  if (!lessons.isSubsetOf(now.folders) || !now.folders.isSubsetOf(before.folders)) return undefined;
  // A file of the catalogue that is damaged says nothing of those in it.
  for (const folder of before.folders) if (catalogue.experiment(folder) === undefined) return undefined;
  return now;
}

/** A snapshot without the experiments in some folders, and without logs. */
function without({ experiments, runs, read, now }: Snapshot, folders: ReadonlySet<string>): Snapshot {
  const ids = new Set(Array.from(folders, lastSegment));
  /** The new number of each experiment; -1 of those that are left out. */
  const numbers = new Int32Array(experiments.length);
  const chosen = new Int32Array(experiments.length);
  let count = 0;
  for (let number = 0; number < experiments.length; number++) {
    const isOut = ids.has(experiments.idOf(number)) && folders.has(experiments.at(number).experiment.folder);
    numbers[number] = isOut ? -1 : count;
    if (!isOut) chosen[count++] = number;
  }
  const { owners } = runs;
  const ofChosen = Int32Array.from(owners.keys()).filter((run) => numbers[owners[run]] >= 0);
  const { logs } = rowsOf({ experiments: [], runs: [], logs: [] });
  return {
    experiments: new ChosenExperiments(experiments, chosen.subarray(0, count)),
    runs: new ChosenRuns(runs, ofChosen, ofChosen.map((run) => numbers[owners[run]])),
    logs,
    read,
    now,
  };
}
