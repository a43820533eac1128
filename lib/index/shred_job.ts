import type { Store } from "../store/store.ts";
import type { IndexFiles } from "./index_files.ts";
import { FROM_THE_START, type LogFile, type Start } from "./log_file.ts";
import { LogShredding } from "./log_shredding.ts";
import { LONGEST_PACK } from "./merge_policy.ts";
import { Pack } from "./pack.ts";
import { PackBuilder } from "./pack_builder.ts";

/** A log and where to go on with it. */
export interface News {
  readonly log: LogFile;
  readonly start: Start;
}

/** A log and where to go on with it, as it can be sent to a worker. */
export interface SentNews {
  readonly log: LogFile;
  /** Undefined: from its start. */
  readonly start?: Omit<Start, "base"> & { readonly bases: readonly (readonly [key: string, count: number])[] };
}

/** What a worker is told: where to read and write, once; then logs, and at last that no more come. */
export type ShredOrder =
  | { readonly location: string; readonly folder: string }
  | { readonly news: readonly SentNews[] }
  | { readonly end: true };

/** What a worker says: bytes of a lot that it read, then the names of its packs, or why there are none. */
export type ShredReport =
  | { readonly bytes: number }
  | { readonly packs: readonly string[] }
  | { readonly error: string };

/** News that can be sent to a worker. `keys`: every series that is known of the log. */
export function sendable(
  { log, start }: News,
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
export function received({ log, start }: SentNews): News {
  if (start === undefined) return { log, start: FROM_THE_START };
  const { from, lines, tail, bases } = start;
  const counts = new Map(bases);
  const base = (pattern: string, path: string) => counts.get(JSON.stringify([pattern, path])) ?? 0;
  return { log, start: { from, lines, tail, base } };
}

/** Reads what is new in logs into packs, which it writes as they fill; they are not published yet. */
export class FileShredding {
  readonly #packs: string[] = [];
  #builder = new PackBuilder(FIRST_CAPACITY);
  readonly #shredding: LogShredding;

  constructor(store: Store, readonly files: IndexFiles, signal?: AbortSignal) {
    this.#shredding = new LogShredding(store, () => {
      if (this.#builder.weight > LONGEST_PACK) this.#seal();
      return this.#builder;
    }, signal);
  }

  /** Reads logs; how many bytes of them. */
  async read(news: readonly News[]): Promise<number> {
    let bytes = 0;
    for (const { log, start } of news) await this.#shredding.log(log, start, (more) => bytes += more);
    return bytes;
  }

  /** Writes what is left; the names of all packs. */
  end(): readonly string[] {
    if (this.#builder.parts > 0) this.#seal();
    return this.#packs;
  }

  #seal(): void {
    const { length } = this.#builder;
    this.#packs.push(this.files.write(Pack.inMemory(this.#builder)));
    this.#builder = new PackBuilder(Math.max(length, FIRST_CAPACITY));
  }
}

/** Bytes of the columns of a first pack, before it grows. */
const FIRST_CAPACITY = 1024 * 1024;
