import type { ExperimentDefinition, RunDefinition } from "../format/definition.ts";
import type { FolderState } from "./folder_state.ts";
import type { RunStatus } from "./status.ts";

/** What a listing knows of an experiment's folder. */
export interface Listed {
  readonly definition: ExperimentDefinition;
  /** The one run of an experiment of version 0. */
  readonly runV0?: RunDefinition;
  readonly mayHaveNotes: boolean;
}

/** What a listing knows of a run. */
export interface ListedRun {
  readonly definition: RunDefinition;
  /** Relative to the repository. */
  readonly folder: string;
}

/**
 * A memory of earlier listings, so that a folder that has not changed need not be read again. What is kept of a
 * folder in one state is not given back for another. A definition never changes, and neither does how a run ended.
 */
export interface Catalogue {
  experiment(folder: string, state: FolderState): Listed | undefined;
  /** The definition of an experiment of version 1, which never changes, whenever its folder did. */
  definition(folder: string): ExperimentDefinition | undefined;
  keepExperiment(folder: string, state: FolderState, listed: Listed): void;
  /** How the latest run of an experiment ended; `state` is of its folder of runs. */
  ending(folder: string, state: FolderState): RunStatus | undefined;
  keepEnding(folder: string, state: FolderState, status: RunStatus): void;
  /** The definitions of the runs in a folder of runs, and their folders' names. */
  runs(folder: string, state: FolderState): readonly ListedRun[] | undefined;
  keepRuns(folder: string, state: FolderState, runs: readonly ListedRun[]): void;
  /** The names of the logs in a run's folder. */
  logs(folder: string, state: FolderState): readonly string[] | undefined;
  keepLogs(folder: string, state: FolderState, names: readonly string[]): void;
}
