import type { ProblemRecord } from "../foreign.ts";

/** How a source is imported. */
export interface ImportOptions {
  readonly dryRun: boolean;
  /** Patterns of keys or names of runs; undefined: all. */
  readonly select?: readonly string[];
  readonly settings?: Readonly<Record<string, readonly string[]>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Whether it is imported again soon. */
  readonly mayGrow?: boolean;
  /** As for readers. */
  readonly takes?: (name: string) => boolean;
  readonly prefixOf?: (folder: string) => string;
  readonly onProgress?: (read: number, total: number, file: string) => void;
}

/** What was imported of one run. */
export interface ImportedRun {
  /** The ids of experiment and run. */
  readonly id: string;
  readonly run: string;
  readonly kind: string;
  readonly name: string;
  readonly isNew: boolean;
  /** Whether nothing says when it began, so that it is 1970. */
  readonly isUndated: boolean;
  /** Events, and files, that were not there. */
  events: number;
  files: number;
}

/** What one pass over a source did. */
export interface ImportReport {
  /** Runs that were added, and those to which something was. */
  readonly runs: readonly ImportedRun[];
  /** Runs of the source that are imported, in this pass or an earlier one. */
  readonly known: number;
  /** Runs that were met in this pass, and are not among those to import. */
  readonly passedOver: number;
  readonly problems: readonly ProblemRecord[];
}
