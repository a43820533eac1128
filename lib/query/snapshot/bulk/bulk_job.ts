import { lastSegment, parentOf } from "../../../base/paths.ts";
import { MARKER_FILE } from "../../../format/layout/names.ts";
import { hasCtime } from "../../../fs/folders/ctime_support.ts";
import { derivedFolder } from "../../../fs/folders/derived_folder.ts";
import { FolderChangedError, UnchangedFolders } from "../../../fs/folders/unchanged_folders.ts";
import type { IndexFiles } from "../../../index/state/index_files.ts";
import { type LogFile, timeOf } from "../../../index/state/listed_log.ts";
import { PARTS_OF_CLOSED } from "../../../index/pack/merge_policy.ts";
import type { DiskLogs } from "../../../index/parse/log_bytes.ts";
import { FileParsing } from "../../../index/parse/parse_job.ts";
import { isClosed } from "../../../repo/experiments/closed_run.ts";
import { isSettled } from "../../../repo/cache/folder_state.ts";
import { endingOf } from "../../../repo/logs/run_status.ts";
import { type WholeExperiment, WholeExperiments, type WholeRun } from "../../../repo/cache/whole_experiment.ts";
import { BlockBuilder, type SegmentBlock } from "../catalogue/segment/block.ts";
import { addTotals, type BulkTotals, noTotals } from "./bulk_totals.ts";

/** What became of an experiment. */
export const enum Outcome {
  /** It is to be read in another way. */
  Left,
  /** It is known, but not all of its logs are in the index. */
  Listed,
  /** Its logs are in the index, too. */
  Indexed,
}

/** Experiments to read, and what became of them; the threads share the numbers. */
export interface BulkTask {
  /** Folders relative to the repository, in the order of their ids, one a line. */
  readonly folders: string;
  /** For each experiment: 1 where the index knows of none of its logs. */
  readonly isFresh: Uint8Array<SharedArrayBuffer>;
  /** An `Outcome` for each. */
  readonly outcomes: Uint8Array<SharedArrayBuffer>;
  /** The thread that takes each batch, as stored by `SharedLots`. */
  readonly taken: Int32Array<SharedArrayBuffer>;
  /** Experiments and bytes of logs that are read. */
  readonly progress: BigInt64Array<SharedArrayBuffer>;
  /** How far the clock of the catalogue is ahead of the system's, in milliseconds. */
  readonly clockAhead: number;
}

/** A log that was read, good until the next experiment is. */
interface ReadLog {
  readonly log: LogFile;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Experiments in a lot. */
export const LOT = 100;

/** What a thread has made. */
export interface BulkResult {
  readonly block: SegmentBlock;
  /** The names of packs that are not published yet. */
  readonly packs: readonly string[];
  readonly totals: BulkTotals;
}

/** A longer log is left to the threads that read logs alone: one experiment may hold more work than many others. */
const MAX_LOG_BYTES = 64 * 1024;
/** All logs of an experiment that are not longer than this together are read before anything is made of them. */
const ROOM = 4 * MAX_LOG_BYTES;

/** Reads experiments into rows of a catalogue and into packs, each folder once. */
export class BulkJob {
  readonly #folders: UnchangedFolders;
  readonly #experiments: WholeExperiments;
  readonly #parsing: FileParsing;
  readonly #builder: BlockBuilder;
  readonly #bytes = new Uint8Array(ROOM);
  readonly #totals = noTotals();
  readonly #all: readonly string[];
  readonly #from: number;

  /** `expected`: about so many bytes of logs will be read. */
  constructor(store: DiskLogs, files: IndexFiles, readonly work: BulkTask, expected: number) {
    this.#folders = new UnchangedFolders(store.folder, () => Date.now() + work.clockAhead);
    this.#experiments = new WholeExperiments(this.#folders);
    // Many short logs: their tables take more memory than their columns.
    this.#parsing = new FileParsing(store, files, expected, { mostParts: PARTS_OF_CLOSED });
    this.#all = work.folders.split("\n");
    this.#from = Date.now() + work.clockAhead;
    this.#builder = new BlockBuilder(this.#all.length);
  }

  /** Whether the disk is one on which this can be done. */
  static isPossible(store: DiskLogs, files: IndexFiles): boolean {
    return hasCtime(store.folder, derivedFolder(files.folder), ["", MARKER_FILE]);
  }

  /** Reads a lot. */
  read(lot: number): void {
    const { outcomes, progress } = this.work;
    const before = this.#totals.bytes;
    const to = Math.min(this.#all.length, (lot + 1) * LOT);
    for (let at = lot * LOT; at < to; at++) outcomes[at] = this.#read(at);
    Atomics.add(progress, 0, BigInt(to - lot * LOT));
    Atomics.add(progress, 1, BigInt(this.#totals.bytes - before));
  }

  #read(at: number): Outcome {
    const folder = this.#all[at];
    const id = lastSegment(folder);
    let experiment: WholeExperiment;
    let logs: ReadLog[] | undefined;
    try {
      experiment = this.#experiments.read(folder, id);
      logs = this.work.isFresh[at] === 0 ? undefined : this.#readLogs(experiment);
      this.#folders.check();
    } catch (error) {
      if (error instanceof FolderChangedError) return Outcome.Left;
      throw error;
    }
    this.#builder.add({ parent: parentOf(folder), id, record: experiment });
    if (logs === undefined) return Outcome.Listed;
    for (const { log, bytes } of logs) addTotals(this.#totals, log, this.#parsing.whole(log, bytes));
    return Outcome.Indexed;
  }

  /** Reads all logs of an experiment; undefined where they are too long. */
  #readLogs({ runRecords }: WholeExperiment): ReadLog[] | undefined {
    let total = 0;
    for (const { logs } of runRecords) {
      for (const { name, info: { size } } of logs) {
        if (name === "stdout") continue;
        total += Math.ceil(size / 8) * 8;
        if (size > MAX_LOG_BYTES || total > ROOM) return undefined;
      }
    }
    const read: ReadLog[] = [];
    let filled = 0;
    for (const run of runRecords) {
      let life: string | undefined;
      for (const { path, name, info: { size, mtime, ctime } } of run.logs) {
        if (name === "stdout") continue;
        const bytes = this.#bytes.subarray(filled, filled + size);
        if (this.#folders.read(path, bytes) < size) throw new FolderChangedError(path);
        const modifiedAt = timeOf({ modifiedAt: mtime!.getTime(), changedAt: ctime!.getTime() }, this.#from);
        read.push({ log: { path, version: 1, size, modifiedAt, points: true }, bytes });
        filled += Math.ceil(size / 8) * 8;
        if (name === "dbx") life = decoder.decode(bytes);
      }
      if (life === undefined) continue;
      run.closed = closedBytes(run, life, Date.now() + this.work.clockAhead);
      const ending = endingOf(life);
      if (ending?.endedAt !== undefined) run.status = ending;
    }
    return read;
  }

  /** Writes what is left. */
  end(): BulkResult {
    return { block: this.#builder.block(), packs: this.#parsing.end(), totals: this.#totals };
  }
}

/** The bytes of the logs of a run that is closed, but for what it printed. */
function closedBytes({ logs }: WholeRun, life: string, now: number): number | undefined {
  const lengths = new Map<string, number>();
  let bytes = 0;
  for (const { name, info: { size, mtime, ctime } } of logs) {
    if (!isSettled({ modifiedAt: mtime!.getTime(), changedAt: ctime!.getTime() }, now)) return undefined;
    lengths.set(name, size);
    if (name !== "stdout") bytes += size;
  }
  return isClosed(life, lengths) ? bytes : undefined;
}

const decoder = new TextDecoder();
