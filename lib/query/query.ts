import { despiteDamage } from "../index/despite_damage.ts";
import { type Source, takeSnapshot } from "./snapshot/snapshot.ts";
import { sourceOf } from "./snapshot/source.ts";
import type { Repository } from "../repo/repository.ts";
import type { Answer } from "./result/answer.ts";
import { readQuery } from "./read_query.ts";
import { type AskOptions, needsOf, View } from "./view.ts";

export type { Answer, QueryValue } from "./result/answer.ts";

/** How to ask. */
export interface QueryOptions extends AskOptions {
  /** Deleted experiments too. */
  readonly all?: boolean;
  /** Milliseconds since the Unix epoch, for how runs are doing. Default: now. */
  readonly now?: number;
  /** Told now and then how many bytes of logs are read into the index, of how many. */
  readonly onProgress?: (done: { readonly bytes: number; readonly total: number }) => void;
  /** Told when the news of the logs are read, and the query itself begins. */
  readonly onSnapshot?: () => void;
}

/**
 * Answers a `SELECT` (SQLite's dialect) over the tables of {@linkcode TABLES}. The parts of params, metadata,
 * environment, git and event data are columns by dotted names: `params.lr`, `data.loss`.
 *
 * Only what the query names is read. NaN is NULL inside of SQLite; where a column is shown as it is, it comes back as NaN.
 *
 * @param sources A repository, whose logs are then read for this query alone, or repositories with their indexes.
 * @throws {QueryError} With the place in the query, and the near name, where it cannot be answered.
 */
export async function query(
  sources: Repository | readonly Source[],
  sql: string,
  options: QueryOptions = {},
): Promise<Answer> {
  const read = readQuery(sql);
  const all = Array.isArray(sources) ? sources as readonly Source[] : [sourceOf(sources as Repository)];
  return await despiteDamage(all.map(({ index }) => index), async () => {
    const snapshot = await takeSnapshot(all, needsOf(read), { ...options, now: options.now ?? Date.now() });
    options.onSnapshot?.();
    const said = all.map(({ index, name }) =>
      `index: ${index.bytesRead} bytes of logs read now${all.length > 1 ? ` of ${name}` : ""}`
    );
    const needs = read.tables.size > 0 ? said : [];
    const answer = await new View(snapshot).ask(read, { ...options, said: needs });
    for (const { index } of all) index.trim();
    return answer;
  });
}
