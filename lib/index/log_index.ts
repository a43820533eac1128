import { LocalStore } from "../store/local.ts";
import type { Store } from "../store/store.ts";
import { ArrivalReader } from "./arrivals.ts";
import { IndexFiles } from "./index_files.ts";
import type { LogFile, Start } from "./log_shredding.ts";
import { addParts, isSame, keysOf, type Known, type PartRef, startAfter } from "./known_logs.ts";
import { Pack } from "./pack.ts";
import type { PackBuilder } from "./pack_builder.ts";
import { PrefixProof } from "./prefix_proof.ts";
import { sameColumns } from "./same_columns.ts";
import type { News } from "./shred_job.ts";

/** How to bring an index up to date. */
export interface UpdateOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how many bytes of logs are read, of how many. */
  readonly onProgress?: (done: { readonly bytes: number; readonly total: number }) => void;
  /** Only some logs are asked about: short ones are read again, where the index would have to be loaded for them. */
  readonly isPart?: boolean;
}

/** What an update has to do. */
interface ListOfNews {
  readonly logs: readonly News[];
  /** That are to be read. */
  readonly bytes: number;
  /** Bytes of logs that only have another time than when they were indexed: worth writing down, too. */
  readonly compared: number;
}

/** So many bytes of logs are sooner read again than the index of many is loaded. */
const SHORT_LOGS = 2 * 1024 * 1024;

/** Less news than this is kept in memory only, and read again by the next process: a file for every event would cost more. */
const WORTH_WRITING = { bytes: 1024 * 1024, logs: 200 };

/** Decoded columns that are kept in memory, in bytes. */
const MOST_HELD = 256 * 1024 * 1024;

/**
 * The columns of a repository's logs. A log as long and as old as when it was indexed is taken for the same; any other is
 * compared by checksums with what was indexed (see {@linkcode PrefixProof}), and what is new is read. Needs read
 * permission on the store, and, to keep what it made, write permission on the folder.
 */
export class LogIndex {
  readonly #files: IndexFiles | undefined;
  #packs: Pack[] = [];
  #known = new Map<string, Known>();
  /** What is in memory only; it stands behind what is in the files. */
  #fresh: Pack | undefined;
  #freshKnown = new Map<string, Known>();
  #loaded = false;
  /** Whether files of the index were found damaged, and are still named. */
  #isDamaged = false;
  readonly #proof: PrefixProof;
  /** When lines without a time of their own arrived. */
  readonly arrivals: ArrivalReader = new ArrivalReader();
  /** Bytes of logs that the last update read. */
  bytesRead = 0;
  /** How much news is written down. */
  worthWriting: { readonly bytes: number; readonly logs: number } = WORTH_WRITING;

  constructor(readonly store: Store, options: { readonly folder?: string } = {}) {
    this.#proof = new PrefixProof(store);
    this.#files = options.folder === undefined ? undefined : new IndexFiles(options.folder);
  }

  /** Bytes of the packs. */
  get bytesKept(): number {
    return this.#packs.reduce((sum, pack) => sum + pack.size, 0);
  }

  /** Bytes of packs that this process has written, those that are gone again too. */
  get bytesWritten(): number {
    return this.#files?.bytesWritten ?? 0;
  }

  /** The parts of a log, from its start; undefined where the log has too many series for the index. */
  parts(path: string): readonly PartRef[] | undefined {
    const known = this.#freshKnown.get(path) ?? this.#known.get(path);
    return known?.tooManySeries ? undefined : known?.parts ?? [];
  }

  /** The same of a log that a listing shows. */
  partsOf(log: LogFile): readonly PartRef[] | undefined {
    const known = this.#knownOf(log);
    return known?.tooManySeries ? undefined : known?.parts ?? [];
  }

  /** What is known of a log, for `known` of `LogFile`. */
  find(path: string): object | undefined {
    return this.#known.get(path);
  }

  #knownOf({ path, known }: LogFile): Known | undefined {
    const fresh = this.#freshKnown.size === 0 ? undefined : this.#freshKnown.get(path);
    if (fresh !== undefined) return fresh;
    return (known as Known | undefined)?.of === this.#known ? known as Known : this.#known.get(path);
  }

  /**
   * What a life log was like when it was read to its end, `dbx/end`, behind which nothing comes; undefined where the index does not
   * know of one.
   */
  seenAtEnd(found: object): { readonly size: number; readonly modifiedAt: number } | undefined {
    const known = found as Known;
    if (known.to !== known.size) return undefined;
    for (const { pack: { directory: { strings, parts, groups } }, part } of known.parts) {
      for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
        if (strings[groups.pattern[group]] === "dbx/end") return known;
      }
    }
  }

  /** Loads what is in the files, where that was not done yet or they have changed. */
  load(): void {
    if (!this.#loaded || this.#files?.changed()) this.#load();
  }

  /** Reads what is new in the logs. Only one process does so for much news: another waits, and uses what that one made. */
  async update(logs: readonly LogFile[], options: UpdateOptions = {}): Promise<void> {
    this.bytesRead = 0;
    if (!this.#loaded && options.isPart && logs.reduce((sum, { size }) => sum + size, 0) <= SHORT_LOGS) {
      return await this.#keepInMemory(logs.map((log) => ({ log, start: FROM_THE_START })), options);
    }
    if (!this.#loaded || this.#files?.changed()) this.#load();
    if (this.#isCurrent(logs)) return;
    const news = await this.#newsIn(logs, options);
    const { bytes, logs: many } = this.worthWriting;
    const isMuch = news.bytes + news.compared >= bytes || news.logs.length >= many || this.#isDamaged;
    using lock = isMuch ? await this.#files?.lock(options.signal) : undefined;
    if (lock === undefined || this.#files === undefined) return await this.#keepInMemory(news.logs, options);
    try {
      const isOther = this.#files.changed();
      if (isOther) this.#load();
      await this.#write(isOther ? await this.#newsIn(logs, options) : news, options);
    } catch (error) {
      // A full disk is no reason to have no answer.
      if (!isDiskError(error)) throw error;
      this.#load();
      await this.#keepInMemory((await this.#newsIn(logs, options)).logs, options);
    }
  }

  /**
   * Reads again what the index holds of the logs. `differ`: logs of which it holds something else, and would not notice.
   * `behind`: logs that have grown, are new or were written anew, which the next update reads.
   */
  async verify(logs: readonly LogFile[], options: UpdateOptions = {}): Promise<{ differ: string[]; behind: string[] }> {
    if (!this.#loaded || this.#files?.changed()) this.#load();
    const behind: string[] = [];
    const held: LogFile[] = [];
    for (const log of logs) {
      const known = this.#freshKnown.get(log.path) ?? this.#known.get(log.path);
      if (known !== undefined && isSame(known, log)) held.push(log);
      else {
        behind.push(log.path);
        // An update goes on after what it has, and does not look at that again.
        if (known !== undefined && await this.#proof.isStill(known, log, options.signal)) {
          held.push({ ...log, size: known.to });
        }
      }
    }
    const other = new LogIndex(this.store);
    await other.update(held, options);
    const differ: string[] = [];
    for (const { path } of held) {
      const known = this.#freshKnown.get(path) ?? this.#known.get(path)!;
      const again = other.#freshKnown.get(path);
      if (again === undefined || !sameColumns(known, again)) differ.push(path);
    }
    return { differ, behind: behind.filter((path) => !differ.includes(path)) };
  }

  /** Forgets a pack that turned out to be damaged: its logs are read again by the next update. */
  discard(file: string): void {
    const left = this.#packs.filter((pack) => pack.file !== file);
    if (left.length === this.#packs.length) return;
    this.#isDamaged = true;
    this.#take(left);
  }

  /** Forgets all packs: all logs are read again by the next update. */
  discardAll(): void {
    this.#isDamaged = true;
    this.#take([]);
  }

  /** Forgets everything, on the disk too. */
  async drop(): Promise<void> {
    using _lock = await this.#files?.lock();
    this.#files?.drop();
    this.#take([]);
  }

  /** Lets go of decoded columns where they are too many. */
  trim(): void {
    const packs = this.#fresh === undefined ? this.#packs : [...this.#packs, this.#fresh];
    let held = packs.reduce((sum, pack) => sum + pack.held, 0);
    for (const pack of packs) {
      if (held <= MOST_HELD) return;
      held -= pack.held;
      pack.release();
    }
  }

  #load(): void {
    const { packs, isWhole } = this.#files?.load() ?? { packs: [], isWhole: true };
    this.#take(packs);
    this.#isDamaged = !isWhole;
    this.#loaded = true;
  }

  #take(packs: Pack[]): void {
    this.#packs = packs;
    this.#known = new Map();
    for (const pack of packs) addParts(this.#known, pack);
    this.#fresh = undefined;
    this.#freshKnown = new Map();
  }

  #isCurrent(logs: readonly LogFile[]): boolean {
    return logs.every((log) => {
      const known = this.#knownOf(log);
      return known !== undefined && isSame(known, log);
    });
  }

  /** The logs that are not wholly in the files, and where to go on. */
  async #newsIn(logs: readonly LogFile[], { signal }: UpdateOptions): Promise<ListOfNews> {
    const news: News[] = [];
    let bytes = 0;
    let compared = 0;
    for (const log of logs) {
      const known = this.#known.get(log.path);
      if (known !== undefined && isSame(known, log)) continue;
      const isStill = known !== undefined && await this.#proof.isStill(known, log, signal);
      const start = isStill ? startAfter(known) : FROM_THE_START;
      // It may go to another thread, which what is known cannot.
      news.push({ log: { ...log, known: undefined }, start });
      bytes += log.size - start.from;
      if (isStill && log.size === known.size) compared += log.size;
    }
    return { logs: news, bytes, compared };
  }

  async #keepInMemory(news: readonly News[], options: UpdateOptions): Promise<void> {
    const { PackBuilder } = await import("./read_news.ts");
    const builder = new PackBuilder();
    await this.#shred(news, () => builder, options);
    this.#fresh = Pack.inMemory(builder);
    this.#freshKnown = new Map();
    for (const { log: { path }, start } of news) {
      const known = this.#known.get(path);
      if (start.from > 0) this.#freshKnown.set(path, { ...known!, parts: [...known!.parts] });
    }
    addParts(this.#freshKnown, this.#fresh);
  }

  async #write(
    { logs: news, bytes: total }: ListOfNews,
    options: UpdateOptions,
  ): Promise<void> {
    const { mergePacks, shredInParallel, shredToFiles, threadsFor } = await import("./read_news.ts");
    const files = this.#files!;
    const threads = this.store instanceof LocalStore ? threadsFor(total) : 1;
    const onBytes = (bytes: number) => {
      this.bytesRead += bytes;
      options.onProgress?.({ bytes: this.bytesRead, total });
    };
    const names = threads > 1
      ? await shredInParallel(
        this.store as LocalStore,
        files,
        news,
        threads,
        ({ log, start }) => start.from === 0 ? [] : keysOf(this.#known.get(log.path)!),
        onBytes,
        options.signal,
      )
      : await shredToFiles(this.store, files, news, onBytes, options.signal);
    // What was read counts, whatever comes of merging.
    const packs = [...this.#packs, ...names.map((name) => files.open(name))];
    files.publish(packs);
    this.#take(packs);
    this.#isDamaged = false;
    const merged = await mergePacks(this.store, files, packs, options.signal);
    if (merged.length === packs.length && merged.every((pack, at) => pack === packs[at])) return;
    files.publish(merged);
    this.#take([...merged]);
  }

  async #shred(
    news: readonly News[],
    builder: () => PackBuilder,
    { signal, onProgress }: UpdateOptions,
  ): Promise<void> {
    const total = news.reduce((sum, { log, start }) => sum + log.size - start.from, 0);
    const { LogShredding } = await import("./read_news.ts");
    const shredding = new LogShredding(this.store, builder, signal);
    for (const { log, start } of news) {
      await shredding.log(log, start, (bytes) => {
        this.bytesRead += bytes;
        onProgress?.({ bytes: this.bytesRead, total });
      });
    }
  }
}

export type { PartRef } from "./known_logs.ts";

const FROM_THE_START: Start = { from: 0, lines: 0, tail: 0, base: () => 0 };

/** Whether an error is one of the file system, such as a full disk. */
function isDiskError(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.IsADirectory) return true;
  return error instanceof Error && /No space left|Read-only file system|quota|Is a directory/i.test(error.message);
}
