import type { ExperimentDefinition, RunDefinition } from "../format/definition.ts";
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
 * A memory of earlier listings, so that a folder that has not changed need not be read again. `changedAt` is the time
 * of the folder's last change in milliseconds: what is kept under one time is not given back for another. A definition
 * never changes, and neither does how a run ended.
 */
export interface Catalogue {
  experiment(folder: string, changedAt: number): Listed | undefined;
  /** The definition of an experiment of version 1, which never changes, whenever its folder did. */
  definition(folder: string): ExperimentDefinition | undefined;
  keepExperiment(folder: string, changedAt: number, listed: Listed): void;
  /** How the latest run of an experiment ended; `changedAt` is of its folder of runs. */
  ending(folder: string, changedAt: number): RunStatus | undefined;
  keepEnding(folder: string, changedAt: number, status: RunStatus): void;
  /** The definitions of the runs in a folder of runs, and their folders' names. */
  runs(folder: string, changedAt: number): readonly ListedRun[] | undefined;
  keepRuns(folder: string, changedAt: number, runs: readonly ListedRun[]): void;
  /** The names of the logs in a run's folder. */
  logs(folder: string, changedAt: number): readonly string[] | undefined;
  keepLogs(folder: string, changedAt: number, names: readonly string[]): void;
}
