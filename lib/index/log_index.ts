import type { Store } from "../store/store.ts";
import { ArrivalReader } from "./arrivals.ts";
import { IndexFiles } from "./state/index_files.ts";
import { IndexState } from "./state/index_state.ts";
import { IndexUpdate, type UpdateOptions, type WorthWriting } from "./update/index_update.ts";
import type { IndexedLog, KnownLogs, PartRef } from "./state/indexed_logs.ts";
import type { LogFile } from "./state/listed_log.ts";
import type { LastParts, Numbering } from "./state/places_file.ts";
import { PrefixProof } from "./state/prefix_hash.ts";

export type { UpdateOptions } from "./update/index_update.ts";
export type { PartRef } from "./state/indexed_logs.ts";

/** Less news than this is kept in memory only, and read again by the next process: a file for every event would cost more. */
const MIN_WRITTEN = { bytes: 1024 * 1024, logs: 200 };

/** Decoded columns that are kept in memory, in bytes. */
const MAX_CACHE_BYTES = 256 * 1024 * 1024;

/**
 * The columns of a repository's logs. A log as long and as old as when it was indexed is taken for the same; any other
 * is compared by checksums with what was indexed (see {@linkcode PrefixProof}), and its new bytes are read. Needs read
 * permission on the store, and, to keep what it made, write permission on the folder.
 */
export class LogIndex {
  readonly #files: IndexFiles | undefined;
  readonly #state: IndexState;
  readonly #proof: PrefixProof;
  /** When lines without a time of their own arrived. */
  readonly arrivals: ArrivalReader = new ArrivalReader();
  /** Bytes of logs that the last update read. */
  bytesRead = 0;
  /** How much news is written down. */
  worthWriting: WorthWriting = MIN_WRITTEN;

  constructor(readonly store: Store, options: { readonly folder?: string } = {}) {
    this.#proof = new PrefixProof(store);
    this.#files = options.folder === undefined ? undefined : new IndexFiles(options.folder);
    this.#state = new IndexState(this.#files);
  }

  /** Bytes of the packs. */
  get bytesKept(): number {
    return this.#state.packs.reduce((sum, pack) => sum + pack.size, 0);
  }

  /** Bytes of packs that this process has written, those that are gone again too. */
  get bytesWritten(): number {
    return this.#files?.bytesWritten ?? 0;
  }

  /** The parts of a log, from its start; undefined where the log has too many series for the index. */
  parts(path: string): readonly PartRef[] | undefined {
    return this.#state.parts({ path });
  }

  /** The same of a log that a listing shows. */
  partsOf(log: LogFile): readonly PartRef[] | undefined {
    return this.#state.parts(log);
  }

  /** All that is known of a log. */
  get(path: string): IndexedLog | undefined {
    return this.#state.get({ path });
  }

  /** The logs that the files hold: the same object as long as nothing new was read or loaded. */
  get held(): KnownLogs {
    return this.#state.known;
  }

  /** Whether some of what the files held was lost, so that it may not be all that was known of a log. */
  get hasLost(): boolean {
    return this.#state.hasLost;
  }

  /** Whether no other process has written files since they were loaded. */
  get isCurrent(): boolean {
    return this.#state.isCurrent;
  }

  /**
   * Where the files hold the logs of a numbering, as far as they have been looked up; undefined where that was not
   * kept.
   */
  places(numbering: Numbering): Int32Array | undefined {
    return this.#state.places(numbering);
  }

  /** Keeps where the files, as `held` gives them, hold the logs of some numberings. */
  keepPlaces(last: LastParts): void {
    this.#state.keepPlaces(last);
  }

  /** Loads what is in the files, where that was not done yet or they have changed. */
  load(): void {
    this.#state.load();
  }

  /** Starts to read new bytes of logs that are still to be listed. */
  begin(options: UpdateOptions = {}): IndexUpdate {
    const [proof, state] = [this.#proof, this.#state];
    return new IndexUpdate(this, { proof, state }, options);
  }

  /** Reads the new bytes of the logs. */
  async update(logs: readonly LogFile[], options: UpdateOptions = {}): Promise<void> {
    using update = this.begin(options);
    await update.add(logs);
    await update.finish();
  }

  /**
   * Reads again what the index holds of the logs. `differ`: logs of which it holds something else, and would not
   * notice. `behind`: logs that have grown, are new or were rewritten, which the next update reads.
   */
  async verify(logs: readonly LogFile[], options: UpdateOptions = {}): Promise<{ differ: string[]; behind: string[] }> {
    this.#state.load();
    const { verifyLogs } = await import("./verify_logs.ts");
    return await verifyLogs(this.#state, this.#proof, logs, new LogIndex(this.store), options);
  }

  /** Forgets a pack that turned out to be damaged: its logs are read again by the next update. */
  discard(file: string): void {
    this.#state.discard(file);
  }

  /** Forgets all packs: all logs are read again by the next update. */
  discardAll(): void {
    this.#state.discardAll();
  }

  /** Forgets everything, on the disk too. */
  async drop(): Promise<void> {
    using _lock = await this.#files?.lock();
    this.#files?.drop();
    this.#state.take([]);
    this.#state.hasLost = false;
  }

  /** Lets go of decoded columns where they are too many. */
  trim(): void {
    const packs = this.#state.allPacks;
    let held = packs.reduce((sum, pack) => sum + pack.held, 0);
    for (const pack of packs) {
      if (held <= MAX_CACHE_BYTES) return;
      held -= pack.held;
      pack.release();
    }
  }
}
