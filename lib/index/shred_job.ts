import type { Store } from "../store/store.ts";
import type { IndexFiles } from "./index_files.ts";
import { type LogFile, LogShredding, type Start } from "./log_shredding.ts";
import { LONGEST_PACK } from "./merge_policy.ts";
import { Pack } from "./pack.ts";
import { PackBuilder } from "./pack_builder.ts";

/** A log and where to go on with it. */
export interface News {
  readonly log: LogFile;
  readonly start: Start;
}

/** What a worker is told: all of it can be sent. */
export interface ShredOrder {
  /** The absolute paths of the repository and of the index. */
  readonly location: string;
  readonly folder: string;
  readonly news: readonly { readonly log: LogFile; readonly start: SentStart }[];
}

/** What a worker says: bytes that it read, then the names of its packs or why there are none. */
export type ShredReport =
  | { readonly bytes: number }
  | { readonly packs: readonly string[] }
  | { readonly error: string };

type SentStart = Omit<Start, "base"> & { readonly bases: readonly (readonly [key: string, count: number])[] };

/** A start that can be sent to a worker. */
export function sendable(start: Start, keys: Iterable<readonly [pattern: string, path: string]>): SentStart {
  const bases = Array.from(
    keys,
    ([pattern, path]) => [JSON.stringify([pattern, path]), start.base(pattern, path)] as const,
  );
  return { from: start.from, lines: start.lines, tail: start.tail, bases };
}

/** The start that was sent. */
export function received({ from, lines, tail, bases }: SentStart): Start {
  const counts = new Map(bases);
  return { from, lines, tail, base: (pattern, path) => counts.get(JSON.stringify([pattern, path])) ?? 0 };
}

/** Reads what is new in logs, and writes it into packs, which are not published yet. */
export async function shredToFiles(
  store: Store,
  files: IndexFiles,
  news: Iterable<News>,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const packs: string[] = [];
  let builder = new PackBuilder(1 << 20);
  const seal = () => {
    if (builder.parts > 0) packs.push(files.write(Pack.inMemory(builder)));
    builder = new PackBuilder(1 << 20);
  };
  const shredding = new LogShredding(store, () => {
    if (builder.size > LONGEST_PACK) seal();
    return builder;
  }, signal);
  for (const { log, start } of news) await shredding.log(log, start, onBytes);
  seal();
  return packs;
}
