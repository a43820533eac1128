import { newId } from "../base/ids.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import type { QueryValue } from "../query/result/answer.ts";
import type { Changes } from "./folder_changes.ts";
import { type Change, diffRows } from "./diff.ts";

/** What is asked again and again. */
export interface LiveQuestion {
  /** SQL, or a question about experiments without SQL around it. */
  readonly asked: QueryInput;
  readonly params?: Readonly<Record<string, QueryValue | boolean>>;
  /** Deleted experiments too. */
  readonly all?: boolean;
}

/** An answer at a moment. */
export interface Evaluation {
  readonly columns: readonly string[];
  /** Each row as JSON, as `cellToJson` writes cells. */
  readonly rows: readonly string[];
}

/** Answers a question as things are now. */
export type Evaluate = (question: LiveQuestion, signal: AbortSignal) => Promise<Evaluation>;

/** A message to a subscriber: first an answer, then what changes. A version names the answer that is then there. */
export type LiveMessage =
  | {
    readonly type: "answer";
    readonly version: string;
    readonly columns: readonly string[];
    readonly rows: readonly string[];
  }
  | { readonly type: "changes"; readonly version: string; readonly changes: readonly Change<string>[] };

/** How a hub works. */
export interface HubOptions {
  /** Milliseconds between two evaluations of a query at least; also at least as long as one takes. Default 15. */
  readonly pauseMs?: number;
  /** Milliseconds after which a query is evaluated though nothing seems to have changed: time passes too. Default 2000. */
  readonly restMs?: number;
  /** Milliseconds for which a query without followers is remembered, so that a reconnection resumes. Default 60000. */
  readonly keepMs?: number;
  /** Queries at the same time. Default 200. */
  readonly maxFollowers?: number;
}

/** As many queries are kept up to date as may be. */
export class TooManyError extends Error {
  override name = "TooManyError";
}

/** Answers that a reconnection may resume from. */
const HISTORY = 16;

interface Version extends Evaluation {
  readonly version: string;
}

/** One query, however many follow it. */
class LiveQuery {
  readonly history: Version[] = [];
  readonly wakes = new Set<() => void>();
  readonly controller = new AbortController();
  followers = 0;
  error: unknown;
  dirty = true;
  running = false;
  tookMs = 0;
  endedAt = -Infinity;
  /** When the evaluation began that the current answer is of. */
  evaluatedFrom = -Infinity;
  timer: ReturnType<typeof setTimeout> | undefined;
  restTimer: ReturnType<typeof setTimeout> | undefined;
  forgetTimer: ReturnType<typeof setTimeout> | undefined;
  /** Changes from one version to another, which many followers need. */
  readonly between = new Map<string, readonly Change<string>[]>();

  constructor(readonly question: LiveQuestion, readonly epoch: string) {}

  get current(): Version | undefined {
    return this.history.at(-1);
  }
}

/** Keeps answers up to date: one evaluation serves all who ask the same. */
export class LiveQueryBroker {
  readonly #queries = new Map<string, LiveQuery>();
  readonly #options: Required<HubOptions>;

  constructor(readonly evaluate: Evaluate, readonly changes: Changes, options: HubOptions = {}) {
    this.#options = { pauseMs: 15, restMs: 2000, keepMs: 60_000, maxFollowers: 200, ...options };
  }

  /** Followers of all queries. */
  get followers(): number {
    return [...this.#queries.values()].reduce((sum, { followers }) => sum + followers, 0);
  }

  /** Queries that are kept up to date. */
  get queries(): number {
    return this.#queries.size;
  }

  /**
   * The answer, then changes as they happen. Slow readers get several changes coalesced into one. Rejects where the
   * query cannot be answered. Throws `TooManyError` at once where it would be one too many.
   *
   * @param options `after`: the version that the follower has; if it is still known, only changes since come.
   */
  follow(
    question: LiveQuestion,
    options: { readonly signal: AbortSignal; readonly after?: string },
  ): AsyncGenerator<LiveMessage, void> {
    return this.#follow(this.#query(question), options);
  }

  async *#follow(
    query: LiveQuery,
    options: { readonly signal: AbortSignal; readonly after?: string },
  ): AsyncGenerator<LiveMessage, void> {
    const { signal } = options;
    query.followers++;
    clearTimeout(query.forgetTimer);
    // An answer must be of a moment after the question, unless nothing has changed since it was made.
    if (query.running) query.dirty = true; // What it reads may be from before.
    const joinedAt = query.dirty ? performance.now() : -Infinity;
    if (query.dirty) this.#schedule(query);
    let wake = () => {};
    const onWake = () => wake();
    query.wakes.add(onWake);
    signal.addEventListener("abort", onWake);
    let seen = query.history.find(({ version }) => version === options.after);
    try {
      while (!signal.aborted) {
        const { current } = query;
        if (query.error !== undefined && !query.running && !query.dirty) throw query.error;
        // A follower that resumes learns from the next changes that it has not missed anything.
        if (current === undefined || current === seen || query.evaluatedFrom < joinedAt) {
          await new Promise<void>((resolve) => wake = resolve);
          continue;
        }
        const message = messageOf(query, seen, current);
        seen = current;
        yield message;
      }
    } finally {
      signal.removeEventListener("abort", onWake);
      query.wakes.delete(onWake);
      query.followers--;
      if (query.followers === 0) this.#leave(query);
    }
  }

  /** Ends everything. */
  close(): void {
    for (const query of this.#queries.values()) this.#end(query);
  }

  #query(question: LiveQuestion): LiveQuery {
    const params = Object.entries(question.params ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([
      question.asked,
      question.all === true,
      params.map(([name, value]) => [name, typeof value, String(value)]),
    ]);
    let query = this.#queries.get(key);
    if (query !== undefined && query.error === undefined) return query;
    if (query !== undefined) this.#end(query);
    if (this.#queries.size >= this.#options.maxFollowers) {
      const idle = [...this.#queries.values()].find(({ followers }) => followers === 0);
      if (idle === undefined) throw new TooManyError("too many live queries");
      this.#end(idle);
    }
    const made = query = new LiveQuery(question, newId());
    this.#queries.set(key, made);
    made.controller.signal.addEventListener("abort", () => {
      if (this.#queries.get(key) === made) this.#queries.delete(key);
    });
    this.changes.watch(() => {
      made.dirty = true;
      this.#schedule(made);
    }, made.controller.signal);
    this.#schedule(made);
    return made;
  }

  #schedule(query: LiveQuery): void {
    if (query.running || query.timer !== undefined || query.controller.signal.aborted) return;
    const pause = Math.max(this.#options.pauseMs, query.tookMs);
    const left = query.endedAt + pause - performance.now();
    query.timer = setTimeout(() => {
      query.timer = undefined;
      void this.#evaluate(query);
    }, Math.max(0, left));
  }

  async #evaluate(query: LiveQuery): Promise<void> {
    if (query.followers === 0 && query.current !== undefined) return; // The next follower has it evaluated.
    query.running = true;
    query.dirty = false;
    clearTimeout(query.restTimer);
    const from = performance.now();
    try {
      const { columns, rows } = await this.evaluate(query.question, query.controller.signal);
      const { current } = query;
      query.error = undefined;
      query.evaluatedFrom = from;
      if (current === undefined || !areSame(current.rows, rows) || !areSame(current.columns, columns)) {
        query.history.push({ columns, rows, version: `${query.epoch}-${(versionOf(current) ?? 0) + 1}` });
        if (query.history.length > HISTORY) query.history.shift();
        query.between.clear();
      }
    } catch (error) {
      query.error = error;
    }
    query.running = false;
    query.endedAt = performance.now();
    query.tookMs = query.endedAt - from;
    for (const wake of [...query.wakes]) wake();
    if (query.controller.signal.aborted) return;
    if (query.error !== undefined) return this.#end(query, true);
    if (query.dirty) return this.#schedule(query);
    query.restTimer = setTimeout(() => {
      query.dirty = true;
      this.#schedule(query);
    }, Math.max(this.#options.restMs, query.tookMs * 10));
  }

  #leave(query: LiveQuery): void {
    clearTimeout(query.restTimer);
    query.dirty = true;
    if (query.controller.signal.aborted) return;
    query.forgetTimer = setTimeout(() => this.#end(query), this.#options.keepMs);
    Deno.unrefTimer(query.forgetTimer as unknown as number);
  }

  /** Forgets a query; its followers get the error, or an end. */
  #end(query: LiveQuery, failed = false): void {
    clearTimeout(query.timer);
    clearTimeout(query.restTimer);
    clearTimeout(query.forgetTimer);
    if (!failed) query.error ??= new DOMException("the live query ended", "AbortError");
    query.dirty = false;
    query.controller.abort();
    for (const wake of [...query.wakes]) wake();
  }
}

function versionOf(version: Version | undefined): number | undefined {
  return version && Number(version.version.slice(version.version.indexOf("-") + 1));
}

function messageOf(query: LiveQuery, seen: Version | undefined, current: Version): LiveMessage {
  const { version, columns, rows } = current;
  if (seen === undefined || !areSame(seen.columns, columns)) return { type: "answer", version, columns, rows };
  const key = `${seen.version} ${version}`;
  let changes = query.between.get(key);
  if (changes === undefined) query.between.set(key, changes = diffRows(seen.rows, rows));
  const size = changes.reduce((sum, change) => sum + change.rows.length, 0);
  if (size >= rows.length && rows.length > 8) return { type: "answer", version, columns, rows };
  return { type: "changes", version, changes };
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at]);
}
