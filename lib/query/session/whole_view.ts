import type { QueryOptions } from "../query.ts";
import { type Source, takeSnapshot } from "../snapshot/snapshot.ts";
import { QuerySession } from "./session.ts";

/** All that a query may ask for, but for what runs printed. */
const ALL = { status: true, runs: true, runStatus: true, logs: true, columns: true, times: true };

/** A repository as it is now: what is asked of it later sees the same moment, and need not look for news. */
export async function wholeView(source: Source, options: QueryOptions): Promise<QuerySession> {
  return new QuerySession(await takeSnapshot([source], ALL, { ...options, now: options.now ?? Date.now() }));
}
