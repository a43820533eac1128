import { LocalStore } from "../../store/local/local_store.ts";
import type { Store } from "../../store/store.ts";
import { isDiskError } from "../state/disk_errors.ts";
import type { IndexState, IndexView } from "../state/index_state.ts";
import { keysOf, startAfter } from "../state/indexed_logs.ts";
import { FROM_THE_START, type LogFile } from "../state/listed_log.ts";
import { DamagedPack, Pack } from "../pack/pack.ts";
import type { PackIntake } from "./pack_intake.ts";
import type { PrefixProof } from "../state/prefix_hash.ts";
import { publishPacks } from "./publish_packs.ts";
import type { PendingLog } from "../parse/parse_job.ts";
import type { ParsePool } from "../parse/parse_pool.ts";

/** How to bring an index up to date. */
export interface UpdateOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how many bytes of logs are read, of how many. */
  readonly onProgress?: (done: { readonly bytes: number; readonly total: number }) => void;
  /** Only some logs are asked about: short ones are read again, where the index would have to be loaded for them. */
  readonly isPart?: boolean;
}

/** How much news is written down. */
export interface WorthWriting {
  readonly bytes: number;
  readonly logs: number;
}

/** What an update has to do. */
interface ListOfNews {
  readonly logs: readonly PendingLog[];
  /** That are to be read. */
  readonly bytes: number;
  /** Bytes of logs that only have another time than when they were indexed: worth writing down, so that it is done once. */
  readonly compared: number;
}

/** A log whose file is only looked up on demand. */
interface Held {
  readonly file: LogFile;
}

/** So many bytes of logs are sooner read again than the index of many is loaded. */
const SHORT_LOGS = 2 * 1024 * 1024;

/** So much news is read and written while logs are still listed. */
const EARLY = { bytes: 32 * 1024 * 1024, logs: 4000 };

/** So many packs that turn out to be damaged are given up one by one. */
const MAX_DAMAGED_PACKS = 4;

/** The index that is brought up to date. */
export interface UpdatedIndex {
  readonly store: Store;
  readonly worthWriting: WorthWriting;
  /** Bytes of logs that the update has read. */
  bytesRead: number;
}

/** What is inside of it. */
export interface IndexInside {
  readonly state: IndexState;
  readonly proof: PrefixProof;
}

/**
 * Reads the new bytes of logs into an index while the logs are still being listed. Disposed of early, it changes
 * nothing.
 */
export class IndexUpdate implements Disposable {
  readonly #all: (readonly LogFile[])[] = [];
  readonly #same: Iterable<Held>[] = [];
  /** The logs that are not wholly in the files. */
  #pending: LogFile[] = [];
  #pendingBytes = 0;
  /** Whether the index has everything, be it in memory. */
  #isCurrent = true;
  /** Whether the index need not be loaded, as far as is known. */
  #isShort: boolean;
  #bytes = 0;
  #lock: Disposable | undefined;
  #pool: ParsePool | undefined;
  /** What the pool was given is to be read again. */
  #isBroken = false;
  #total = 0;
  #hasAll = false;
  /** Which packs there were when the logs were looked at; undefined where this one has changed them itself. */
  #generation: number | undefined;

  constructor(readonly index: UpdatedIndex, readonly inside: IndexInside, readonly options: UpdateOptions) {
    index.bytesRead = 0;
    this.#isShort = options.isPart === true && !inside.state.isLoaded;
    if (!this.#isShort) inside.state.load();
    this.#generation = inside.state.generation;
  }

  /** Takes logs that were listed. `same`: those that were found to be as the files of the index hold them. */
  async add(logs: readonly LogFile[], same: readonly Iterable<Held>[] = []): Promise<void> {
    this.#all.push(logs);
    this.#same.push(...same);
    for (const { size } of logs) this.#bytes += size;
    if (this.#isShort) return;
    await this.#unlessDamaged(async () => {
      this.#look(logs);
      if (this.#pool === undefined && this.#isEarly()) await this.#begin();
      if (this.#pool !== undefined) await this.#feed(this.#pool);
    });
  }

  /**
   * Reads the new bytes. If there are many, only one process does so: others wait, and use its result. What it gives has all
   * the logs; the index itself may have let go of some by then, for another question that is asked at the same time.
   *
   * @param hasAll Whether all logs of the repository were looked at, whatever the index held of them.
   */
  async finish(hasAll = false): Promise<IndexView> {
    this.#hasAll = hasAll;
    if (this.#isShort && this.#bytes <= SHORT_LOGS) {
      const news = this.#all.flatMap((logs) => logs.map((log) => ({ log, start: FROM_THE_START })));
      return await this.#readIntoMemory(news);
    }
    const { state } = this.inside;
    if (this.#isShort) this.#again(() => state.load());
    for (let turn = 0;; turn++) {
      try {
        if (this.#isBroken) this.#again(() => state.load());
        return await this.#finish();
      } catch (error) {
        this[Symbol.dispose]();
        if (!(error instanceof DamagedPack) || turn > MAX_DAMAGED_PACKS) throw error;
        if (turn < MAX_DAMAGED_PACKS) state.discard(error.file);
        else state.discardAll();
        this.#isBroken = true;
      }
    }
  }

  async #finish(): Promise<IndexView> {
    const { state } = this.inside;
    const { worthWriting } = this.index;
    const { signal } = this.options;
    const isLooked = this.#generation === undefined || this.#generation === state.generation;
    if (this.#pool === undefined && !isLooked) this.#again(() => {});
    // Another question may have taken their place in memory.
    const isHealed = this.#hasAll && state.hasLost;
    if (!isHealed && this.#isCurrent && this.#pending.every((log) => state.isSame(log))) return state.view;
    try {
      if (this.#pool !== undefined) return await this.#publish(this.#pool);
      const { generation } = state;
      const news = await this.#news();
      const isMuch = news.bytes + news.compared >= worthWriting.bytes || news.logs.length >= worthWriting.logs ||
        news.bytes === 0 && news.compared > 0;
      if (isMuch || isHealed || state.isDamaged) this.#lock = await state.files?.lock(signal);
      if (this.#lock === undefined) return await this.#keepInMemory(news.logs, generation);
      const isOther = state.files!.changed() || state.generation !== generation;
      if (isOther) this.#again(() => state.load());
      const pool = await this.#newPool();
      const { logs, bytes } = isOther ? await this.#news() : news;
      this.#total += bytes;
      pool.add(logs);
      return await this.#publish(pool);
    } catch (error) {
      // A full disk must not prevent an answer.
      if (!isDiskError(error)) throw error;
      this[Symbol.dispose]();
      this.#again(() => state.reload());
      const { generation } = state;
      return await this.#keepInMemory((await this.#news()).logs, generation);
    } finally {
      this[Symbol.dispose]();
    }
  }

  /** Looks at all logs again, by what is loaded then. */
  #again(load: () => void): void {
    load();
    [this.#isShort, this.#isBroken, this.#isCurrent] = [false, false, true];
    [this.#pending, this.#pendingBytes] = [[], 0];
    for (const logs of this.#all) this.#look(logs);
    for (const logs of this.#same) this.#look(Array.from(logs, ({ file }) => file));
    this.#generation = this.inside.state.generation;
  }

  #look(logs: readonly LogFile[]): void {
    const { state } = this.inside;
    for (const log of logs) {
      if (state.isSameInFiles(log)) continue;
      this.#pending.push(log);
      this.#pendingBytes += log.size;
      this.#isCurrent &&= state.isSame(log);
    }
  }

  #isEarly(): boolean {
    const isMuch = this.#pendingBytes >= EARLY.bytes || this.#pending.length >= EARLY.logs;
    const { state } = this.inside;
    const { store } = this.index;
    return isMuch && !this.#isCurrent && !this.#isBroken && state.files !== undefined && store instanceof LocalStore;
  }

  /** Begins to read and write while logs are still listed. */
  async #begin(): Promise<void> {
    const { state } = this.inside;
    this.#lock = await state.files!.lock(this.options.signal);
    if (this.#lock === undefined) return;
    this.#again(() => state.load());
    if (!this.#isEarly()) {
      this.#lock[Symbol.dispose]();
      this.#lock = undefined;
      return;
    }
    this.#pool = await this.#newPool();
  }

  async #feed(pool: ParsePool): Promise<void> {
    const { logs, bytes } = await this.#news();
    [this.#pending, this.#pendingBytes] = [[], 0];
    this.#total += bytes;
    pool.add(logs);
    await pool.turn();
  }

  async #newPool(): Promise<ParsePool> {
    const { state } = this.inside;
    const { store } = this.index;
    const { sendable, ParsePool } = await import("./parse_pending.ts");
    const send = (news: PendingLog) => sendable(news, () => keysOf(state.get(news.log)!));
    return new ParsePool(store, state.files!, send, (bytes) => this.#reportProgress(bytes), this.options.signal);
  }

  #reportProgress(bytes: number): void {
    this.index.bytesRead += bytes;
    this.options.onProgress?.({ bytes: this.index.bytesRead, total: Math.max(this.#total, this.index.bytesRead) });
  }

  /** The new bytes of the pending logs, and where to continue. */
  async #news(): Promise<ListOfNews> {
    const { state, proof } = this.inside;
    const news: PendingLog[] = [];
    let bytes = 0;
    let compared = 0;
    for (const log of this.#pending) {
      const number = state.inFiles(log);
      const known = number === undefined ? undefined : state.known.get(number);
      const isStill = known !== undefined && await proof.isStill(known, log, this.options.signal);
      const start = isStill ? startAfter(known) : FROM_THE_START;
      news.push({ log, start });
      bytes += log.size - start.from;
      if (isStill && log.size === known.size && log.modifiedAt >= 0) compared += log.size;
    }
    return { logs: news, bytes, compared };
  }

  /** Reads news that go on where the packs of a generation end; where there are others by then, what goes on there. */
  async #keepInMemory(news: readonly PendingLog[], generation: number): Promise<IndexView> {
    const { state } = this.inside;
    for (let left = news, of = generation;;) {
      const view = await this.#readIntoMemory(left, () => state.generation === of);
      if (view !== undefined) return view;
      this.#again(() => {});
      of = state.generation;
      left = (await this.#news()).logs;
    }
  }

  async #readIntoMemory(news: readonly PendingLog[]): Promise<IndexView>;
  async #readIntoMemory(news: readonly PendingLog[], fits: () => boolean): Promise<IndexView | undefined>;
  async #readIntoMemory(news: readonly PendingLog[], fits = () => true): Promise<IndexView | undefined> {
    const { state } = this.inside;
    const { store } = this.index;
    const { LogParsing, PackBuilder } = await import("./parse_pending.ts");
    const builder = new PackBuilder();
    const parsing = new LogParsing(store, () => builder, this.options.signal);
    this.#total = news.reduce((sum, { log, start }) => sum + log.size - start.from, 0);
    for (const { log, start } of news) await parsing.log(log, start, (bytes) => this.#reportProgress(bytes));
    return fits() ? state.keep(Pack.inMemory(builder)) : undefined;
  }

  /** Reads what the pool was not given yet, and names the packs. */
  async #publish(pool: ParsePool): Promise<IndexView> {
    this.#pool = pool;
    const names = await pool.finish();
    if (this.#hasAll) this.inside.state.hasLost = false;
    return await publishPacks(this.index.store, this.inside.state, names, this.options.signal);
  }

  /**
   * Has others write packs. Undefined if that cannot be done, or this writes already. `onBytes`: called with the number
   * of bytes that they read.
   */
  async intake(): Promise<{ intake: PackIntake; onBytes: (bytes: number, total: number) => void } | undefined> {
    if (this.#isShort || this.#isBroken || this.#lock !== undefined || !(this.index.store instanceof LocalStore)) {
      return undefined;
    }
    const { PackIntake } = await import("./pack_intake.ts");
    const intake = await PackIntake.begin(this.index.store, this.inside.state, this.options.signal);
    if (intake === undefined) return undefined;
    this.#generation = undefined;
    const onBytes = (bytes: number, total: number) => {
      this.#total = total;
      this.#reportProgress(bytes);
    };
    return { intake, onBytes };
  }

  async #unlessDamaged(work: () => Promise<void>): Promise<void> {
    try {
      if (!this.#isBroken) await work();
    } catch (error) {
      if (!(error instanceof DamagedPack) && !isDiskError(error)) throw error;
      if (error instanceof DamagedPack) this.inside.state.discard(error.file);
      this[Symbol.dispose]();
      this.#isBroken = true;
    }
  }

  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
    this.#pool = undefined;
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
  }
}
