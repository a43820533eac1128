import type { Store } from "../store/store.ts";
import type { IndexFiles } from "./index_files.ts";
import { type LogFile, LogShredding, type Start } from "./log_shredding.ts";
import { LONGEST_PACK } from "./merge_policy.ts";
import { Pack } from "./pack.ts";
import { PackBuilder } from "./pack_builder.ts";

/** A pack is closed when it has reached its length: what was added last may be so much more. */
const ROOM = 4 * 1024 * 1024;

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
  if (counts.size === 0) return { from, lines, tail, base: () => 0 };
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
  const all = [...news];
  // Columns are rarely longer than the lines that they come from; memory that is not used costs nothing.
  const left = all.reduce((sum, { log, start }) => sum + log.size - start.from, 0);
  const newBuilder = () => new PackBuilder(Math.min(left, LONGEST_PACK + ROOM));
  let builder = newBuilder();
  const seal = () => {
    if (builder.parts > 0) packs.push(files.write(Pack.inMemory(builder)));
    builder = newBuilder();
  };
  const shredding = new LogShredding(store, () => {
    if (builder.size > LONGEST_PACK) seal();
    return builder;
  }, signal);
  for (const { log, start } of all) await shredding.log(log, start, onBytes);
  seal();
  return packs;
}
