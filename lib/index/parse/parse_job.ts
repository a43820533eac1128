import type { IndexFiles } from "../state/index_files.ts";
import { FROM_THE_START, type LogFile, type Start } from "../state/listed_log.ts";
import { LogParsing } from "./parse_logs.ts";
import type { LogSource } from "./log_bytes.ts";
import { MAX_PACK_BYTES } from "../pack/merge_policy.ts";
import { Pack } from "../pack/pack.ts";
import { PackBuilder } from "../pack/pack_builder.ts";
import type { PartColumns } from "../parts/write_part.ts";

/** A log and where to go on with it. */
export interface PendingLog {
  readonly log: LogFile;
  readonly start: Start;
}

/** A log and where to go on with it, as it can be sent to a worker. */
export interface SentNews {
  readonly log: LogFile;
  /** Undefined: from its start. */
  readonly start?: Omit<Start, "base"> & { readonly bases: readonly (readonly [key: string, count: number])[] };
}

/** A message to a worker: where to read and write, once; then logs, and at last what all threads take from. */
export type ParseOrder =
  | { readonly location: string; readonly folder: string; readonly begun: Int32Array<SharedArrayBuffer> }
  | { readonly news: readonly SentNews[]; readonly number: number }
  | {
    readonly lots: readonly (readonly SentNews[])[];
    readonly taken: Int32Array<SharedArrayBuffer>;
    readonly as: number;
  };

/** What a worker says: bytes of a lot that it read, then the names of its packs, or why there are none. */
export type ParseReport =
  | { readonly bytes: number }
  | { readonly packs: readonly string[] }
  | { readonly error: string };

/** The new bytes of a log, as it can be sent to a worker. `keys`: every series that is known of the log. */
export function sendable(
  { log, start }: PendingLog,
  keys: () => Iterable<readonly [pattern: string, path: string]>,
): SentNews {
  if (start === FROM_THE_START) return { log };
  const { from, lines, tail } = start;
  const bases = Array.from(
    keys(),
    ([pattern, path]) => [JSON.stringify([pattern, path]), start.base(pattern, path)] as const,
  );
  return { log, start: { from, lines, tail, bases } };
}

/** The news that were sent. */
export function received({ log, start }: SentNews): PendingLog {
  if (start === undefined) return { log, start: FROM_THE_START };
  const { from, lines, tail, bases } = start;
  const counts = new Map(bases);
  const base = (pattern: string, path: string) => counts.get(JSON.stringify([pattern, path])) ?? 0;
  return { log, start: { from, lines, tail, base } };
}

/** Lots of logs that several threads take from, one after the other. */
export class SharedLots {
  /** @param taken Who took each lot; before them, how many are taken. */
  constructor(readonly taken: Int32Array<SharedArrayBuffer>) {}

  static of(lots: number): SharedLots {
    return new SharedLots(new Int32Array(new SharedArrayBuffer((lots + 1) * 4)).fill(-1, 1));
  }

  /** The next lot for a thread of a number; undefined where all are taken. */
  take(as: number): number | undefined {
    const lot = Atomics.add(this.taken, 0, 1);
    if (lot + 1 >= this.taken.length) return undefined;
    this.taken[lot + 1] = as;
    return lot;
  }

  /** The lots that a thread took. */
  takenBy(as: number): number[] {
    return Array.from(this.taken.subarray(1), (owner, lot) => owner === as ? lot : -1).filter((lot) => lot >= 0);
  }
}

/** Reads the new bytes of logs into packs, which it writes as they fill; they are not published yet. */
export class FileParsing {
  readonly #packs: string[] = [];
  /** Columns are rarely longer than the lines that they come from; memory that is not used costs nothing. */
  readonly #builder: PackBuilder;
  readonly #parsing: LogParsing;

  /** `expected`: about so many bytes are read. `mostParts`: a pack of so many is closed. */
  constructor(
    store: LogSource,
    readonly files: IndexFiles,
    expected: number,
    { signal, mostParts = Infinity }: { readonly signal?: AbortSignal; readonly mostParts?: number } = {},
  ) {
    this.#builder = new PackBuilder(Math.min(expected, MAX_PACK_BYTES + ROOM));
    this.#parsing = new LogParsing(store, () => {
      if (this.#builder.parts >= mostParts || this.#builder.weight > MAX_PACK_BYTES) this.#seal();
      return this.#builder;
    }, signal);
  }

  /** Reads logs; how many bytes of them. */
  async read(news: readonly PendingLog[]): Promise<number> {
    let bytes = 0;
    for (const { log, start } of news) await this.#parsing.log(log, start, (more) => bytes += more);
    return bytes;
  }

  /** Takes a log of which all bytes are there, at most `MAX_SINGLE_READ_BYTES`; what it holds, good until the next one. */
  whole(log: LogFile, bytes: Uint8Array<ArrayBuffer>): PartColumns {
    return this.#parsing.whole(log, bytes);
  }

  /** Writes what is left; the names of all packs. */
  end(): readonly string[] {
    if (this.#builder.parts > 0) this.#seal();
    return this.#packs;
  }

  #seal(): void {
    this.#packs.push(this.files.write(Pack.inMemory(this.#builder)));
    this.#builder.clear();
  }
}

/** A pack is closed when it has reached its length: what was added last may be so much more. */
const ROOM = 4 * 1024 * 1024;
