import { despiteDamage } from "../index/despite_damage.ts";
import type { Repository } from "../repo/repository.ts";
import { bindQuery } from "./bind/bind.ts";
import { bindParameters } from "./bind/parameters.ts";
import { type SessionCache, takeSession } from "./session/session_cache.ts";
import { dependsOnAge } from "./session/depends_on_age.ts";
import { findRunId } from "./snapshot/find_run.ts";
import { DEFAULT_COLUMNS, type QueryInput, shorthandQuestion } from "./list/shorthand.ts";
import { NanOrAbsent } from "./list/nan_or_absent.ts";
import { readQuestion, withErrorsLocated } from "./session/question.ts";
import type { QueryResult } from "./result/answer.ts";
import { needsOfRun, oneRun } from "./snapshot/one_run.ts";
import { type Source, takeSnapshot } from "./snapshot/snapshot.ts";
import { sourceOf } from "./snapshot/source.ts";
import { restrictionsOf } from "./session/restrictions.ts";
import { snapshotNeedsOf } from "./session/snapshot_needs.ts";
import { type AskOptions, QuerySession } from "./session/session.ts";

export type { QueryResult, QueryValue } from "./result/answer.ts";

/** Options of a query. */
export interface QueryOptions extends AskOptions {
  /** Deleted experiments too. */
  readonly all?: boolean;
  /** Milliseconds since the Unix epoch, for the status of runs. Default: now. */
  readonly now?: number;
  /** Told now and then how many bytes of logs are read into the index, of how many. */
  readonly onProgress?: (done: { readonly bytes: number; readonly total: number }) => void;
  /** Called with the names of the columns before anything is read. What it throws ends the query. */
  readonly onColumns?: (names: readonly string[]) => void;
  /** Told when the news of the logs are read, and the query itself begins. */
  readonly onSnapshot?: () => void;
  /** Of a process that lives on: keeps what it has seen for the next question. */
  readonly views?: SessionCache;
}

/**
 * Answers a `SELECT` (SQLite's dialect) over the tables of {@linkcode TABLES}. The parts of params, metadata,
 * environment, git and event data are columns by dotted names: `params.lr`, `data.loss`.
 *
 * Only what the query names is read. NaN is NULL inside of it; where a column is shown as it is, it comes back as NaN.
 *
 * @param sources A repository, whose logs are then read for this query alone, or repositories with their indexes.
 * @param asked SQL, or a question about experiments without SQL around it.
 * @throws {QueryError} With the place in the query, and the near name, where it cannot be answered.
 */
export async function query(
  sources: Repository | readonly Source[],
  asked: QueryInput,
  options: QueryOptions = {},
): Promise<QueryResult> {
  const now = options.now ?? Date.now();
  const statistics = typeof asked === "string"
    ? undefined
    : new NanOrAbsent(asked.cols ?? DEFAULT_COLUMNS, asked.values?.length);
  const question = typeof asked === "string"
    ? readQuestion(asked)
    : shorthandQuestion({ ...asked, cols: statistics?.cols }, now);
  const all = Array.isArray(sources) ? sources as readonly Source[] : [sourceOf(sources as Repository)];
  return await withErrorsLocated(question, async () => {
    const bound = bindQuery(question.tree, question.sql);
    const parameters = bindParameters(bound, options.params ?? {});
    const names = bound.output.map(({ name }) => name);
    options.onColumns?.(statistics?.kept(names) ?? names);
    const run = typeof asked === "string" ? undefined : asked.run;
    const id = run === undefined ? undefined : await findRunId(all, run);
    const own = snapshotNeedsOf(bound);
    const needs = id === undefined ? { ...own, only: restrictionsOf(bound, parameters) } : needsOfRun(own, id);
    const whole = needs.only === undefined ? undefined : () => takeSnapshot(all, own, { ...options, now });
    return await despiteDamage(all.map(({ index }) => index), async (turn) => {
      if (turn > 0) options.views?.drop();
      const take = options.views?.take.bind(options.views) ?? takeSession;
      const taken = await take(all, needs, { ...options, now, dependsOnAge: dependsOnAge(bound) });
      const view = id === undefined ? taken.view : new QuerySession(oneRun(taken.view.snapshot, id));
      options.onSnapshot?.();
      const notes = bound.instances.length === 0
        ? []
        : all.map(({ index, name }) =>
          `index: ${index.bytesRead} bytes of logs read now${all.length > 1 ? ` of ${name}` : ""}`
        );
      const how = { ...options, notes, located: question.located, whole };
      const answer = await view.ask(bound, parameters, how);
      for (const { index } of all) index.trim();
      return statistics?.answer(answer) ?? answer;
    });
  });
}
