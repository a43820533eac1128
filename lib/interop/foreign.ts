import type { Json } from "../base/json.ts";

/** A value of a foreign record: JSON, or a number as it is to be written (`rawNumber` of `values.ts`), at any depth. */
export type ForeignValue =
  | null
  | boolean
  | number
  | string
  | object
  | readonly ForeignValue[]
  | { readonly [key: string]: ForeignValue };

/** Values by their names. */
export type ForeignData = Readonly<Record<string, ForeignValue>>;

/** The event of values that were logged together: `{"event":"log","step":3,"train/loss":0.5}`. */
export const METRICS_EVENT = "log";

/** The log of what a machine measured, and its event. */
export const SYSTEM_LOG = "system";

/** The log of printed lines, whose events are `stdout` and `stderr` with a `text`. */
export const OUTPUT_LOG = "stdout";

/** The event of settings that changed after a run began: `{ config: described("config", …) }`, and its numbers do not become series. */
export const CONFIG_EVENT = "config";

/** The event of what a tool states of a whole run: `{ summary: described("summary", …) }`. */
export const SUMMARY_EVENT = "summary";

/**
 * Reads what another tool wrote. Everything that it yields depends on the contents of the source alone, so that two machines
 * import the same bytes: no clock, no absolute path, no order of a folder, no random number.
 */
export interface ForeignReader {
  /** The word for `dbx import`: `tensorboard`. */
  readonly kind: string;
  /** What it reads, for help and messages: "TensorBoard event files". */
  readonly title: string;
  /** Whether a file or folder looks like it; opens few files. */
  detect(path: string): Promise<boolean>;
  /** Reads a file or folder, in batches of at most about a thousand records. Throws `DbxError` where nothing can be read. */
  open(path: string, options: ReadOptions): AsyncIterable<readonly ForeignRecord[]>;
}

/** How a source is read. */
export interface ReadOptions {
  /** Where reading ended the last time, by source: what a `position` said. What was read before is not yielded again. */
  readonly positions: ReadonlyMap<string, Json>;
  readonly signal?: AbortSignal;
  /** Makes an empty folder for files of a moment, such as the copy of a database; the caller removes it when reading ends. */
  readonly scratch: () => Promise<string>;
  /** Whether the source is read again soon (`--follow`): what may not be whole yet can wait. */
  readonly mayGrow?: boolean;
  /** Which files to read, by their names below the path; default: all that the reader knows. */
  readonly takes?: (name: string) => boolean;
  /**
   * What stands before the names of values in a folder, where all runs of the source become one: `train/` and `validation/`, whose
   * values have the same names. Default: nothing.
   */
  readonly prefixOf?: (folder: string) => string;
  /** The environment for a program that reads the source. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Options of one kind, as the command line gave them: `--map` and the like. */
  readonly settings?: Readonly<Record<string, readonly string[]>>;
}

/** What a reader says, in order. */
export type ForeignRecord =
  | SourceRecord
  | RunRecord
  | EventRecord
  | FileRecord
  | EndRecord
  | PositionRecord
  | ProblemRecord
  | ProgressRecord;

/**
 * What follows comes from this source, until the next one: a file that grows, or a table. `source` is a path below what is
 * imported (`""` for itself) or another name; it is the key of `positions`.
 *
 * The events of one log MUST come from one source, in an order that only grows at its end as the source grows: the log is
 * compared with what an earlier import wrote, and extended.
 */
export interface SourceRecord {
  readonly type: "source";
  readonly source: string;
  /** It is read from its start, although there is a position: it no longer holds what was read. */
  readonly restarts?: boolean;
}

/** A run that was not yielded before, or not since the source was opened. It comes before all that belongs to it. */
export interface RunRecord {
  readonly type: "run";
  /** The same on every machine: the tool's own id of the run, or a hash of what began it. Ids are made from kind and key. */
  readonly key: string;
  /** The id of experiment and run, where the source has ids of the same kind. Default: they are made from the keys. */
  readonly id?: string;
  /** The key of the experiment, where several runs are runs of one (a resume). Default: the run's key. */
  readonly experiment?: string;
  /** What the runs are grouped by: a job type, else the name of the project. */
  readonly kind: string;
  /** Folders and a name, such as `project/run name`; characters that dbx refuses are replaced. */
  readonly name: string;
  readonly params: ForeignData;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  /** Own keys of the experiment's definition. */
  readonly extra?: ForeignData;
  /** Own keys of the run's definition. */
  readonly runExtra?: ForeignData;
  readonly cmd?: readonly string[];
  readonly pwd?: string;
  readonly script?: string;
  readonly hostname?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly git?: {
    readonly commit?: string;
    readonly branch?: string;
    readonly remote?: string;
    readonly dirty?: boolean;
  };
  readonly tags?: readonly string[];
  readonly notes?: readonly string[];
  /** Whether the tool records how runs end, as they do: one without an `end` then goes on, or was lost. */
  readonly recordsEnd?: boolean;
}

/** An event. */
export interface EventRecord {
  readonly type: "event";
  /** The key of the run. */
  readonly run: string;
  /** The name of the log; characters that dbx refuses are replaced. */
  readonly log: string;
  readonly name: string;
  /** Milliseconds since the Unix epoch, rounded down; undefined where the tool knows no time. */
  readonly ts: number | undefined;
  /** Scalars have their `step` here, an integer. */
  readonly data?: ForeignData;
  /** In place of `data`: the text of a JSON object that is known to be valid and to have no key `event`, `ts` or `_dbx`. */
  readonly body?: string;
  /** Files that stand in the data, by their keys. They become files of the run. */
  readonly files?: Readonly<Record<string, ForeignFile>>;
}

/** A file that belongs to a run. */
export interface ForeignFile {
  /** Its name in the run, such as `media/images/step-3.png`. */
  readonly name: string;
  readonly content: ForeignContent;
}

/** The bytes of a file: of a file on this machine (absolute), in memory if they are few, or a stream. */
export type ForeignContent =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: () => ReadableStream<Uint8Array> };

/** A file of a run. */
export interface FileRecord extends ForeignFile {
  readonly type: "file";
  readonly run: string;
  /** When the tool kept it. Default: when the run began. */
  readonly ts?: number;
  /**
   * The log that lists it, where the source gives files in an order that only grows at its end. Default: a log of its own, for a
   * file that may change or come at any time.
   */
  readonly log?: string;
}

/** A run ended. */
export interface EndRecord {
  readonly type: "end";
  readonly run: string;
  readonly status: "finished" | "failed" | "killed" | "lost";
  readonly exitCode?: number;
  readonly ts: number;
}

/** All of the current source up to here was yielded; with this state, a later import goes on from here. */
export interface PositionRecord {
  readonly type: "position";
  readonly state: Json;
}

/** Something that could not be read; the rest is. */
export interface ProblemRecord {
  readonly type: "problem";
  /** Below what is imported. */
  readonly file: string;
  /** Where in it: a byte, a line, a row. */
  readonly at?: { readonly unit: "byte" | "line" | "row"; readonly number: number };
  /** What is wrong, as a clause: "the checksum of the record does not fit". */
  readonly what: string;
  /** What became of it, or what to do: "the rest of the file was read". */
  readonly advice: string;
  /** `waiting`: it may come right as the source grows (a torn end), and is nothing to fail for. */
  readonly isWaiting?: boolean;
}

/** How far reading is, in bytes of all that will be read now. */
export interface ProgressRecord {
  readonly type: "progress";
  readonly read: number;
  readonly total: number;
}
