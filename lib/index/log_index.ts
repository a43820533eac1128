import { LocalStore } from "../store/local.ts";
import type { Store } from "../store/store.ts";
import { ArrivalReader } from "./arrivals.ts";
import { NONE, TOO_MANY_SERIES } from "./directory.ts";
import { IndexFiles } from "./index_files.ts";
import { type LogFile, LogShredding, proofOf, type Start } from "./log_shredding.ts";
import { DamagedPack, Pack } from "./pack.ts";
import { PackBuilder } from "./pack_builder.ts";
import { LONGEST_PACK, type News, shredToFiles } from "./shred_job.ts";
import { shredInParallel, threadsFor } from "./shred_parallel.ts";

/** A part of a log in a pack. */
export interface PartRef {
  readonly pack: Pack;
  /** Row in the directory. */
  readonly part: number;
}

/** What is known of a log. */
interface Known {
  readonly parts: PartRef[];
  /** Where the last part ends. */
  to: number;
  lines: number;
  size: number;
  modifiedAt: number;
  head: number;
  tail: number;
  tooManySeries: boolean;
}

/** How to bring an index up to date. */
export interface UpdateOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how many bytes of logs are read, of how many. */
  readonly onProgress?: (done: { readonly bytes: number; readonly total: number }) => void;
  /** Only some logs are asked about: short ones are read again, where the index would have to be loaded for them. */
  readonly isPart?: boolean;
}

/** So many bytes of logs are sooner read again than the index of many is loaded. */
const SHORT_LOGS = 2 * 1024 * 1024;

/** Less news than this is kept in memory only, and read again by the next process: a file for every event would cost more. */
const WORTH_WRITING = { bytes: 1024 * 1024, logs: 200 };

/** More packs are merged. */
const MOST_PACKS = 8;
/** A short log in so many parts is read again as one. */
const MOST_PARTS = 8;
const SHORT_LOG = 8 * 1024 * 1024;
/** Decoded columns that are kept in memory, in bytes. */
const MOST_HELD = 256 * 1024 * 1024;

/**
 * The columns of a repository's logs. What is in the index is proved by length, time and checksums of either end of the
 * log; what is not is read from the log. Needs read permission on the store, and, to keep what it made, write permission
 * on the folder.
 */
export class LogIndex {
  readonly #files: IndexFiles | undefined;
  #packs: Pack[] = [];
  #known = new Map<string, Known>();
  /** What is in memory only; it stands behind what is in the files. */
  #fresh: Pack | undefined;
  #freshKnown = new Map<string, Known>();
  #loaded = false;
  /** When lines without a time of their own arrived. */
  readonly arrivals: ArrivalReader = new ArrivalReader();
  /** Bytes of logs that the last update read. */
  bytesRead = 0;
  /** How much news is written down. */
  worthWriting: { readonly bytes: number; readonly logs: number } = WORTH_WRITING;

  constructor(readonly store: Store, options: { readonly folder?: string } = {}) {
    this.#files = options.folder === undefined ? undefined : new IndexFiles(options.folder);
  }

  /** Bytes of columns in files. */
  get bytesKept(): number {
    return this.#packs.reduce((sum, pack) => sum + pack.length, 0);
  }

  /** The parts of a log, from its start; undefined where the log has too many series for the index. */
  parts(path: string): readonly PartRef[] | undefined {
    const known = this.#freshKnown.get(path) ?? this.#known.get(path);
    return known?.tooManySeries ? undefined : known?.parts ?? [];
  }

  /**
   * What a life log was like when it was read to its end, `dbx/end`, behind which nothing comes; undefined where the index does not
   * know of one.
   */
  seenAtEnd(path: string): { readonly size: number; readonly modifiedAt: number } | undefined {
    const known = this.#known.get(path);
    if (known === undefined || known.to !== known.size) return undefined;
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
    const news = await this.#newsIn(logs);
    const { bytes, logs: many } = this.worthWriting;
    const isMuch = news.bytes >= bytes || news.logs.length >= many;
    using lock = isMuch ? await this.#files?.lock(options.signal) : undefined;
    if (lock === undefined || this.#files === undefined) return await this.#keepInMemory(news.logs, options);
    if (this.#files.changed()) this.#load();
    try {
      await this.#write(await this.#newsIn(logs), options);
    } catch (error) {
      // A full disk is no reason to have no answer.
      if (!(error instanceof Deno.errors.PermissionDenied || isDiskError(error))) throw error;
      this.#load();
      await this.#keepInMemory((await this.#newsIn(logs)).logs, options);
    }
    if (this.#packs.length > MOST_PACKS) await this.#merge();
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
        if (known !== undefined && await this.#isPrefix(known, log)) held.push({ ...log, size: known.to });
      }
    }
    const other = new LogIndex(this.store);
    await other.update(held, options);
    const differ: string[] = [];
    for (const { path } of held) {
      const known = this.#freshKnown.get(path) ?? this.#known.get(path)!;
      const again = other.#freshKnown.get(path);
      if (again === undefined || !isReadable(() => sameColumns(known, again))) differ.push(path);
    }
    return { differ, behind: behind.filter((path) => !differ.includes(path)) };
  }

  /** Forgets a pack that turned out to be damaged: its logs are read again by the next update. */
  discard(file: string): void {
    this.#take(this.#packs.filter((pack) => pack.file !== file));
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
    this.#take(this.#files?.load() ?? []);
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
      const known = this.#freshKnown.get(log.path) ?? this.#known.get(log.path);
      return known !== undefined && isSame(known, log);
    });
  }

  /** The logs that are not wholly in the files, and where to go on. */
  async #newsIn(logs: readonly LogFile[]): Promise<{ logs: News[]; bytes: number }> {
    const news: News[] = [];
    let bytes = 0;
    for (const log of logs) {
      const known = this.#known.get(log.path);
      if (known !== undefined && isSame(known, log)) continue;
      const start = known !== undefined && await this.#isPrefix(known, log) ? startAfter(known) : FROM_THE_START;
      news.push({ log, start });
      bytes += log.size - start.from;
    }
    return { logs: news, bytes };
  }

  async #isPrefix(known: Known, log: LogFile): Promise<boolean> {
    if (log.size < known.to || known.tooManySeries) return false;
    // A log that grew has another length; one that only has another time was written over.
    if (log.size === known.size) return false;
    if (known.parts.length >= MOST_PARTS && log.size < SHORT_LOG) return false;
    const { head, tail } = await proofOf(this.store, log.path, known.to);
    return head === known.head && tail === known.tail;
  }

  async #keepInMemory(news: readonly News[], options: UpdateOptions): Promise<void> {
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
    { logs: news, bytes: total }: { logs: readonly News[]; bytes: number },
    options: UpdateOptions,
  ): Promise<void> {
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
    const packs = [...this.#packs, ...names.map((name) => files.open(name))];
    const used = usedOf(packs);
    const live = packs.filter((pack) => used.has(pack));
    files.publish(live);
    this.#take(live);
  }

  async #shred(
    news: readonly News[],
    builder: () => PackBuilder,
    { signal, onProgress }: UpdateOptions,
  ): Promise<void> {
    const total = news.reduce((sum, { log, start }) => sum + log.size - start.from, 0);
    const shredding = new LogShredding(this.store, builder, signal);
    for (const { log, start } of news) {
      await shredding.log(log, start, (bytes) => {
        this.bytesRead += bytes;
        onProgress?.({ bytes: this.bytesRead, total });
      });
    }
  }

  /** Puts short packs, and those of which little counts, together. Holds the lock. */
  async #merge(): Promise<void> {
    const files = this.#files!;
    const packs: Pack[] = [];
    let builder = new PackBuilder(1 << 20);
    const used = new Set<string>();
    for (const { parts } of this.#known.values()) for (const { pack, part } of parts) used.add(`${pack.file} ${part}`);
    for (const pack of this.#packs) {
      const { parts, strings } = pack.directory;
      const live = Array.from({ length: parts.length }, (_, part) => part)
        .filter((part) => used.has(`${pack.file} ${part}`));
      if (pack.length >= LONGEST_PACK / 2 && live.length * 2 > parts.length) {
        packs.push(pack);
        continue;
      }
      for (const part of live) {
        if (await this.store.stat(strings[parts.path[part]]) === undefined) continue;
        if (builder.size > LONGEST_PACK) {
          packs.push(files.open(files.write(Pack.inMemory(builder))));
          builder = new PackBuilder(1 << 20);
        }
        builder.copy(pack, part);
      }
    }
    if (builder.parts > 0) packs.push(files.open(files.write(Pack.inMemory(builder))));
    files.publish(packs);
    this.#take(packs);
  }
}

const FROM_THE_START: Start = { from: 0, lines: 0, tail: 0, base: () => 0 };

function startAfter(known: Known): Start {
  return {
    from: known.to,
    lines: known.lines,
    tail: known.tail,
    base: (pattern, path) => {
      let count = 0;
      for (const { pack, part } of known.parts) {
        const { strings, parts, groups, series } = pack.directory;
        for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
          if (strings[groups.pattern[group]] !== pattern) continue;
          for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
            if (strings[series.path[at]] === path) count += series.count[at];
          }
        }
      }
      return count;
    },
  };
}

/** Every series that a log has. */
function* keysOf({ parts: refs }: Known): Generator<readonly [pattern: string, path: string]> {
  for (const { pack, part } of refs) {
    const { strings, parts, groups, series } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
        yield [strings[groups.pattern[group]], strings[series.path[at]]];
      }
    }
  }
}

function isSame(known: Known, log: LogFile): boolean {
  return known.size === log.size && known.modifiedAt === log.modifiedAt;
}

/** Takes the parts of a pack into what is known. One that starts a log replaces all earlier ones. */
function addParts(known: Map<string, Known>, pack: Pack): void {
  const { parts, strings } = pack.directory;
  for (let part = 0; part < parts.length; part++) {
    const path = strings[parts.path[part]];
    let log = known.get(path);
    const from = parts.from[part];
    if (from === 0) known.set(path, log = { ...NOTHING, parts: [] });
    else if (log === undefined || log.to !== from || log.tail !== parts.before[part]) {
      // What stood before it was in a pack that is gone.
      known.delete(path);
      continue;
    }
    log.parts.push({ pack, part });
    log.to = parts.to[part];
    log.lines = parts.firstLine[part] + parts.lines[part];
    log.size = parts.size[part];
    log.modifiedAt = parts.modifiedAt[part];
    log.head = parts.head[part];
    log.tail = parts.tail[part];
    log.tooManySeries ||= (parts.flags[part] & TOO_MANY_SERIES) !== 0;
  }
}

const NOTHING = { to: 0, lines: 0, size: 0, modifiedAt: 0, head: 0, tail: 0, tooManySeries: false };

/** The packs of which something counts, as parts from the start of a log replace earlier ones. */
function usedOf(packs: readonly Pack[]): Set<Pack> {
  const known = new Map<string, Known>();
  for (const pack of packs) addParts(known, pack);
  return new Set([...known.values()].flatMap(({ parts }) => parts.map((part) => part.pack)));
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && /No space left|Read-only file system|quota/i.test(error.message);
}

/** What a test says; false where a pack that it reads is damaged. */
function isReadable(test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    if (error instanceof DamagedPack) return false;
    throw error;
  }
}

function sameColumns(a: Known, b: Known): boolean {
  const [x, y] = [seriesIn(a), seriesIn(b)];
  if (a.to !== b.to || a.lines !== b.lines || a.tooManySeries !== b.tooManySeries || x.size !== y.size) return false;
  for (const [key, values] of x) {
    const others = y.get(key);
    if (others?.length !== values.length || !values.every((value, at) => Object.is(value, others[at]))) return false;
  }
  return true;
}

/** All numbers of a log, by what they are. */
function seriesIn({ parts }: Known): Map<string, number[]> {
  const all = new Map<string, number[]>();
  const add = (key: string, values: Iterable<number>) => {
    const list = all.get(key) ?? [];
    all.set(key, list);
    for (const value of values) list.push(value);
  };
  for (const { pack, part } of parts) {
    const { strings, parts, groups, series } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      const pattern = strings[groups.pattern[group]];
      for (const name of ["ts", "step"] as const) add(`${pattern} ${name}`, pack.column(groups[name][group]));
      for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
        const key = `${pattern}:${strings[series.path[at]]}`;
        add(key, pack.column(series.values[at]));
        if (series.rows[at] !== NONE) add(`${key} rows`, pack.column(series.rows[at]));
      }
    }
    pack.release();
  }
  return all;
}
