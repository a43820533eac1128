import { experimentOfFolder } from "../../../format/layout/name_tests.ts";
import { isDiskError } from "../../../index/state/disk_errors.ts";
import type { IndexUpdate } from "../../../index/update/index_update.ts";
import { DamagedPack } from "../../../index/pack/pack.ts";
import type { PackIntake } from "../../../index/update/pack_intake.ts";
import { SharedLots } from "../../../index/parse/parse_job.ts";
import { LocalStore } from "../../../store/local/local_store.ts";
import type { Repository } from "../../../repo/repository.ts";
import { FileCatalogue } from "../catalogue/file_catalogue.ts";
import { BulkJob, type BulkResult, type BulkTask, LOT } from "./bulk_job.ts";
import { type BulkTotals, joinTotals } from "./bulk_totals.ts";
import { BulkThread } from "./bulk_thread.ts";

/** What it costs to list an experiment, as bytes of logs that are read. */
const COST_OF_EXPERIMENT = 16 * 1024;
/** Less than this is not worth another thread, which takes its time to start. */
const MIN_BYTES_PER_THREAD = 48 * 1024 * 1024;
const MAX_THREADS = 8;
/** How often this thread handles signals and reports its progress, in milliseconds. */
const TURN_MS = 100;
/** The number of this thread. */
const OWN = MAX_THREADS;
/** About what an experiment's logs hold, for the room that is made for their columns. */
const TYPICAL_BYTES = 2048;

/** What was read of many experiments at once. */
export interface BulkRead {
  /** For each one, in the order in which they were given. */
  readonly outcomes: Uint8Array;
  readonly totals: BulkTotals;
}

/**
 * Reads experiments that the catalogue does not know, with their runs and logs: rows of the catalogue and packs of the
 * index are made of each one while its files are at hand, by this thread and others. Undefined if that cannot be done;
 * then each one is looked at for itself, as are those of which something odd is to be said.
 *
 * @param folders In the order of their ids.
 */
export async function readBulk(
  { catalogue, store }: Repository,
  update: IndexUpdate,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<BulkRead | undefined> {
  if (!(store instanceof LocalStore) || !(catalogue instanceof FileCatalogue)) return undefined;
  const begun = await update.intake();
  if (begun === undefined) return undefined;
  using intake = begun.intake;
  if (!BulkJob.isPossible(store, intake.files)) return undefined;
  if (intake.isOther) {
    // Another process may have read them while this one waited.
    catalogue.refresh();
    if (catalogue.experiment(folders[0]) !== undefined) return undefined;
  }
  try {
    const work = workOf(folders, intake, catalogue.now() - Date.now());
    const reading = new BulkReading(store, intake, work, folders.length);
    const results = await reading.read(begun.onBytes, signal);
    await intake.publish(results.flatMap(({ packs }) => packs), signal);
    // Where that cannot be written, logs are listed again, but not read.
    if (!catalogue.takeBlocks(results.map(({ block }) => block))) return undefined;
    return { outcomes: work.outcomes, totals: results.map(({ totals }) => totals).reduce(joinTotals) };
  } catch (error) {
    if (error instanceof DamagedPack) intake.state.discard(error.file);
    // A full disk, for one: what was written does not count then.
    else if (!isDiskError(error)) throw error;
    return undefined;
  }
}

function workOf(folders: readonly string[], intake: PackIntake, clockAhead: number): BulkTask {
  const count = folders.length;
  const isFresh = new Uint8Array(new SharedArrayBuffer(count)).fill(1);
  if (intake.state.packs.length > 0) {
    const known = new Set<string>();
    for (const folder of intake.folders()) known.add(experimentOfFolder(folder));
    for (let at = 0; at < count; at++) if (known.has(folders[at])) isFresh[at] = 0;
  }
  return {
    folders: folders.join("\n"),
    isFresh,
    outcomes: new Uint8Array(new SharedArrayBuffer(count)),
    taken: SharedLots.of(Math.ceil(count / LOT)).taken,
    progress: new BigInt64Array(new SharedArrayBuffer(16)),
    clockAhead,
  };
}

/** The threads that read. */
class BulkReading {
  readonly #lots: SharedLots;
  #told = 0;
  #last = performance.now();

  constructor(
    readonly store: LocalStore,
    readonly intake: PackIntake,
    readonly work: BulkTask,
    readonly count: number,
  ) {
    this.#lots = new SharedLots(work.taken);
  }

  async read(onBytes: (bytes: number, total: number) => void, signal?: AbortSignal): Promise<BulkResult[]> {
    const { store, intake: { files }, work } = this;
    const own = new BulkJob(store, files, work, this.count * TYPICAL_BYTES);
    let threads: BulkThread[] | undefined;
    try {
      for (let lot = this.#lots.take(OWN); lot !== undefined; lot = this.#lots.take(OWN)) {
        own.read(lot);
        // The first batch gives the lengths of the logs.
        threads ??= this.#threads();
        await this.#turn(onBytes, signal);
      }
      const results: BulkResult[] = [];
      for (const [at, thread] of threads!.entries()) {
        const result = await thread.result(signal);
        if (result !== undefined) results.push(result);
        // One that failed leaves its part to this one.
        else for (const lot of this.#lots.takenBy(at)) own.read(lot);
      }
      const result = own.end();
      this.#reportProgress(onBytes);
      return [...results, result];
    } finally {
      for (const thread of threads ?? []) thread[Symbol.dispose]();
    }
  }

  #threads(): BulkThread[] {
    const [done, bytes] = Array.from(this.work.progress, Number);
    const cost = (this.count - done) * (COST_OF_EXPERIMENT + bytes / done);
    const most = Math.min(MAX_THREADS, navigator.hardwareConcurrency, Math.floor(cost / MIN_BYTES_PER_THREAD) + 1);
    const threads: BulkThread[] = [];
    try {
      const { store: { location }, intake: { files: { folder } }, work } = this;
      for (let as = 0; as < most - 1; as++) threads.push(new BulkThread({ location, folder, work, as }));
    } catch {
      // There can be none.
    }
    return threads;
  }

  async #turn(onBytes: (bytes: number, total: number) => void, signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.#last < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    this.#reportProgress(onBytes);
    this.#last = performance.now();
  }

  #reportProgress(onBytes: (bytes: number, total: number) => void): void {
    const [done, bytes] = Array.from(this.work.progress, Number);
    onBytes(bytes - this.#told, Math.round(bytes * this.count / Math.max(1, done)));
    this.#told = bytes;
  }
}

export { Outcome } from "./bulk_job.ts";
