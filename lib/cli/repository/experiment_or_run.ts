import { NotFoundError } from "../../base/errors.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import type { Run } from "../../repo/experiments/run.ts";
import type { Repository } from "../../repo/repository.ts";

/** What an id names: an experiment, and a run of it. */
export interface ExperimentOrRun {
  readonly experiment: Experiment;
  /** The run that was named, else the latest; undefined if there is none. */
  readonly run: Run | undefined;
  /** Whether the run itself was named. */
  readonly named: boolean;
}

/** The experiment or run of an id prefix. */
export async function findExperimentOrRun(repository: Repository, id: string): Promise<ExperimentOrRun> {
  try {
    const run = await repository.findRun(id);
    const own = run.experiment.version === 1 && run.id.startsWith(id.slice(id.indexOf("/") + 1));
    return { experiment: run.experiment, run, named: own };
  } catch (error) {
    // An experiment without a run is still worth showing.
    if (!(error instanceof NotFoundError)) throw error;
    const experiment = await repository.findExperiment(id).catch(() => {
      throw error;
    });
    return { experiment, run: undefined, named: false };
  }
}
