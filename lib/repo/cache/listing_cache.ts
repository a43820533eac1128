import type { ExperimentDefinition, RunDefinition } from "../../format/definitions/definition.ts";
import type { FolderState } from "./folder_state.ts";
import type { RunStatus } from "../logs/run_status.ts";

/** What lists show of a definition. */
export type Brief = Pick<ExperimentDefinition, "id" | "kind" | "name" | "createdAt">;

/** A definition that is taken apart when it is looked at. */
export interface DeferredDefinition<Short, Full> {
  readonly brief: Short;
  /** Undefined where its text was not kept, or is damaged: then the repository has it. */
  definition(): Full | undefined;
}

/** What was read of an experiment's folder. */
export interface ListingEntry {
  readonly definition: ExperimentDefinition;
  /** The one run of a v0 experiment. */
  readonly runV0?: RunDefinition;
  readonly mayHaveNotes: boolean;
  /** The text of its `meta.json`. */
  readonly text: string;
}

/** What was read of a run's folder. */
export interface ListedRun {
  readonly definition: RunDefinition;
  /** The name of its folder. */
  readonly name: string;
  /** The text of its `meta.json`. */
  readonly text: string;
}

/** What a run's definition says in short. */
export type RunBrief = Pick<RunDefinition, "id" | "createdAt">;

/** The logs of a closed run. */
export interface ClosedLogs {
  readonly names: readonly string[];
  /** How many bytes they have together, but for what the run printed. */
  readonly bytes: number;
  /** Where a file that never changes knows the run: the file's name, and how many logs it numbers; they stand from `at` on. */
  readonly numbering?: { readonly file: string; readonly logs: number };
  readonly at?: number;
}

/** What earlier listings knew of a run. */
export interface KnownRun extends DeferredDefinition<RunBrief, RunDefinition> {
  /** The name of its folder, which is its id. */
  readonly name: string;
  /** The names of its logs, if its folder is still in the state in which they were listed. */
  logs(state: FolderState): readonly string[] | undefined;
  /** How it ended, if it did. */
  ending(): RunStatus | undefined;
  /** Its logs, if it was closed when it was looked at: nothing comes to them unless the folder of runs shows it. */
  closedLogs(): ClosedLogs | undefined;
  /** What another thread has seen for this listing: the names of its logs, if its folder is still in that state. */
  seenLogs?(): readonly string[] | undefined;
  /** The same of a log, by its place among the names. `modifiedAt`: as of `LogFile`. */
  seenLog?(at: number): { readonly size: number; readonly modifiedAt: number } | undefined;
}

/** What earlier listings knew of an experiment. */
export interface KnownExperiment extends DeferredDefinition<Brief, ExperimentDefinition> {
  readonly id: string;
  /** Relative to the repository. */
  readonly folder: string;
  /** The run of a v0 experiment, which stands in the same file. */
  runV0(): RunDefinition | undefined;
  readonly version: 0 | 1;
  readonly mayHaveNotes: boolean;
  /** Whether its folder is still in the state in which it was listed. */
  isAt(state: FolderState): boolean;
  /** Its runs, oldest first, if their folder is still in the state in which they were listed. */
  runs(state: FolderState): readonly KnownRun[] | undefined;
  /** Whether another thread has seen for this listing that its folder is still in that state. False: unknown. */
  isSeenStill?(): boolean;
  /** The same of its runs. */
  seenRuns?(): readonly KnownRun[] | undefined;
}

/** How far below experiments a listing will look: `logs` are those of runs that are not known to be closed, `all` are those too. */
export type Depth = "experiments" | "runs" | "logs" | "all";

/** What a listing will look at, so that other threads can do so. */
export interface LooksAhead {
  /** The absolute path of the repository. */
  readonly root: string;
  readonly depth: Depth;
  /** Whether the listing takes experiments by their rows. */
  readonly asRows: boolean;
}

/** Experiments that are known by rows of a table: nothing is made for one until it is asked for. */
export interface KnownRows {
  readonly length: number;
  at(number: number): KnownExperiment;
  idAt(number: number): string;
  /** Those with some ids. */
  among(ids: ReadonlySet<string>): KnownRows;
}

/** What stood in a folder that holds experiments. */
export interface KnownBranch {
  readonly experiments: readonly KnownExperiment[];
  /** Further ones, where the caller takes them so. */
  readonly rows?: KnownRows;
  /** The names of all other folders: they may hold experiments, or be some that have to be looked at each time. */
  readonly others: readonly string[];
  /** Ends what other threads do for this listing. */
  readonly ahead?: Disposable;
}

/**
 * A memory of earlier listings, so that a folder that has not changed need not be read again. What is kept of a
 * folder in one state is not given back for another. A definition never changes, and neither does how a run ended. What it
 * holds is a help: it may know nothing, and what it says of experiments is proved by the states of folders.
 */
export interface ListingCache {
  /** The clock that says when a state was seen: milliseconds since the Unix epoch. */
  now(): number;
  /** What stands in a folder in a state. */
  branch(folder: string, state: FolderState, ahead?: LooksAhead): KnownBranch | undefined;
  /** The same experiments, whatever happened to the folder since; only of a catalogue that knows rows. */
  rowsIn?(folder: string, ahead: LooksAhead): Omit<KnownBranch, "others"> | undefined;
  /**
   * Only the names of the folders that do not belong to known experiments; undefined unless everything in the folder is
   * known.
   */
  othersIn(folder: string, state: FolderState): readonly string[] | undefined;
  /** `seenAt`: what `now` said before the state was seen, and before what is kept was read. */
  keepBranch(
    folder: string,
    state: FolderState,
    seenAt: number,
    branch: { readonly experiments: readonly Pick<KnownExperiment, "folder">[]; readonly others: readonly string[] },
  ): void;
  /** The experiments that are known in a folder, by their ids, whatever happened to it since. */
  experimentsIn(folder: string): ReadonlyMap<string, KnownExperiment>;
  /** The experiment in a folder, whatever happened to it since. */
  experiment(folder: string): KnownExperiment | undefined;
  /** Undefined where nothing was kept. */
  keepExperiment(folder: string, state: FolderState, seenAt: number, listed: ListingEntry): KnownExperiment | undefined;
  keepRuns(of: KnownExperiment, state: FolderState, seenAt: number, runs: readonly ListedRun[]): KnownExperiment;
  keepLogs(of: KnownExperiment, run: string, state: FolderState, seenAt: number, names: readonly string[]): void;
  keepEnding(of: KnownExperiment, run: string, status: RunStatus): void;
  /** Of a run that is as it was listed. `bytes`: see `ClosedLogs`; undefined: it is not closed. */
  keepClosed(of: KnownExperiment, run: string, bytes: number | undefined): void;
  /** Whether the runs of all known experiments are known, as they were when they were listed last. */
  knowsRuns(): boolean;
  /** Experiments whose ids start with a prefix, and those that have such a run; they may no longer exist. */
  startingWith(
    prefix: string,
  ): { readonly experiments: readonly KnownExperiment[]; readonly runs: readonly KnownExperiment[] };
}
