import type { DatabaseFactory, SqlDatabase } from "../database.ts";
import { RuntimeDatabase } from "./runtime_database.ts";

const builtIn: DatabaseFactory = () => new RuntimeDatabase();
let factory = builtIn;

/** An empty database in memory. */
export function openDatabase(): SqlDatabase {
  return factory();
}

/**
 * Has all queries of this thread use another SQLite; undefined: the runtime's own. A server's workers use one that can be
 * stopped in the middle of a statement, which the runtime's cannot.
 */
export function useDatabase(other: DatabaseFactory | undefined): void {
  factory = other ?? builtIn;
}

/** Bytes of all databases of a thread, and of one text, by default. */
const LIMITS = { memory: 2 ** 31, length: 1_000_000_000 };

/** Sees to it that a database takes images: the runtime's own, of Deno before 2.7, does not, and has another take its place. */
export async function prepareDatabase(): Promise<void> {
  if (factory !== builtIn || RuntimeDatabase.takesImages) return;
  const { loadSqlite } = await import("./wasm_database.ts");
  useDatabase(await loadSqlite(LIMITS, () => true));
}
