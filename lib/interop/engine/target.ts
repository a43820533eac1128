import type { RunRecord } from "../foreign.ts";

/** Where the logs and files of a run go. */
export interface RunPlace {
  /** The id of the experiment. */
  readonly experiment: string;
  /** The id of the run. */
  readonly run: string;
  /** The run's folder, from the top of the repository. */
  readonly folder: string;
}

/** What became of a run that was begun. */
export interface BegunRun {
  readonly place: RunPlace;
  readonly isNew: boolean;
  /** What is to be said of it: it was there with other params. */
  readonly remarks: readonly string[];
}

/** Makes the runs that logs are written to: of a repository each its own, or all of them the run of a command. */
export interface ImportTarget {
  /** Makes a run, if it is not there. Undefined where it must not be: it was purged. */
  begin(run: RunRecord): Promise<BegunRun | undefined>;
  /** How a log of the run with a key is called there; undefined for one that is not wanted. */
  log(name: string, key: string): string | undefined;
  /** Whether each run of the source has its own definitions, beginning and end; otherwise its params become an event. */
  readonly ownsRuns: boolean;
}
