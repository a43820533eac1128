// A thread that answers questions about repositories, one after another, within limits.
import { messageOf } from "../../base/errors.ts";
import type { Source } from "../../query/snapshot/snapshot.ts";
import type { QueryResult, QueryValue } from "../../query/result/answer.ts";
import { queryCurves } from "../../query/curves/query_curves.ts";
import { useDatabase } from "../../query/sqlite/engine/open_database.ts";
import { SessionCache } from "../../query/session/session_cache.ts";
import { openSource } from "../../query/snapshot/source.ts";
import { listExperiments, type ListRequest } from "../../query/list/list.ts";
import { listToJson } from "../../protocol/list.ts";
import { query } from "../../query/query.ts";
import { rowsWriter } from "../../base/rows/rows_text.ts";
import { describeSchema } from "../../query/describe_schema.ts";
import { cellToJson } from "../../protocol/cells.ts";
import { errorToJson, LimitError } from "../../protocol/error_json.ts";
import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import {
  type AskLimits,
  type PoolRequest,
  type QueriedRepository,
  WINDOW,
  type WorkerReply,
  type WorkerRequest,
} from "./messages.ts";
import { loadSqlite } from "../../query/sqlite/engine/wasm_database.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(message: WorkerReply, transfer?: Transferable[]): void;
};

/** Bytes of all databases of this thread, and of one text. */
const SQL = { memory: 512 * 1024 * 1024, length: 16 * 1024 * 1024 };
/** Characters that are gathered before they are sent. */
const PIECE = 128 * 1024;
/** Bytes that are sent at once. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A question that is being answered. */
class Work {
  readonly controller = new AbortController();
  readonly #stop: Int32Array;
  /** Until when; the clock starts when the news of the logs are read. */
  deadline = Infinity;
  sent = 0;
  acknowledged = 0;
  wake: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly id: number, readonly limits: AskLimits, stop: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.#stop = new Int32Array(stop);
  }

  startClock(): void {
    this.deadline = performance.now() + this.limits.ms;
    scope.postMessage({ kind: "started", id: this.id });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.controller.abort(this.late()), this.limits.ms);
  }

  get mayGoOn(): boolean {
    return Atomics.load(this.#stop, 0) === 0 && performance.now() < this.deadline;
  }

  late(): LimitError {
    return new LimitError(`Cannot answer the query: it takes more than ${this.limits.ms / 1000} s; narrow it down`);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

let sources: Promise<Source[]> = Promise.resolve([]);
/** What was seen for the last questions. */
const views = new SessionCache();
let current: Work | undefined;
const waiting = new Map<number, Work>();
let last: Promise<void> = Promise.resolve();

const ready = loadSqlite(SQL, () => current === undefined || current.mayGoOn).then(useDatabase);

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case "open":
      sources = ready.then(() => open(data.repositories));
      sources.then(() => scope.postMessage({ kind: "ready" }), () => scope.postMessage({ kind: "ready" }));
      last = sources.then(lookAhead).catch(() => {}); // The first query reports what is wrong.
      break;
    case "ask": {
      const work = new Work(data.id, data.limits, data.stop);
      waiting.set(data.id, work);
      last = last.then(() => answer(work, data.of, data.question));
      break;
    }
    case "more": {
      const work = waiting.get(data.id);
      if (work === undefined) break;
      work.acknowledged++;
      work.wake?.();
      break;
    }
    case "stop":
      waiting.get(data.id)?.controller.abort();
      waiting.get(data.id)?.wake?.();
  }
};

async function open(repositories: readonly QueriedRepository[]): Promise<Source[]> {
  return await Promise.all(repositories.map(({ path, folder, name }) => openSource(path, { folder, name })));
}

/** Looks at repositories before anybody asks, as a first page will need it. */
async function lookAhead(all: readonly Source[]): Promise<void> {
  const needs = { status: true, runs: true, runStatus: true, logs: false, columns: false };
  for (const source of all) {
    if (source.repository.catalogue instanceof FileCatalogue) await views.take([source], needs, { now: Date.now() });
  }
}

async function answer(
  work: Work,
  of: readonly { readonly at: number; readonly name: string }[],
  question: PoolRequest,
): Promise<void> {
  try {
    work.controller.signal.throwIfAborted();
    current = work;
    const all = await sources;
    const chosen = of.map(({ at, name }) => ({ ...all[at], name }));
    if (question.type === "query") await answerQuery(work, chosen, question);
    else if (question.type === "series") await answerSeries(work, chosen, question);
    else if (question.type === "list") await answerList(work, chosen[0], question.request);
    else await answerSchema(work, chosen);
    for (const { repository: { catalogue, version } } of chosen) {
      if (version === 1 && catalogue instanceof FileCatalogue) catalogue.save();
    }
    scope.postMessage({ kind: "end", id: work.id });
  } catch (error) {
    const late = work.deadline < performance.now();
    const cause = late ? work.late() : work.controller.signal.aborted ? work.controller.signal.reason : error;
    const json = errorToJson(cause);
    const memory = /more memory than it may/.test(messageOf(error));
    scope.postMessage({
      kind: "error",
      id: work.id,
      error: memory && !late ? { error: messageOf(error), kind: "limit" } : json ?? { error: "it failed" },
      unexpected: json === undefined && !work.controller.signal.aborted ? messageOf(error) : undefined,
    });
  } finally {
    work.end();
    current = undefined;
    waiting.delete(work.id);
  }
}

/** Sends text in pieces, as fast as they are read. */
class Sender {
  #text: string[] = [];
  #length = 0;
  #bytes = 0;
  readonly #encoder = new TextEncoder();

  constructor(readonly work: Work) {}

  add(text: string): void {
    this.#text.push(text);
    this.#length += text.length;
  }

  get isFull(): boolean {
    return this.#length >= PIECE;
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const { work } = this;
    const bytes = this.#encoder.encode(this.#text.join(""));
    this.#text = [];
    this.#length = 0;
    this.#bytes += bytes.length;
    if (this.#bytes > work.limits.bytes) {
      throw new LimitError(
        `Cannot answer the query: the answer has more than ${work.limits.bytes} bytes; narrow it down`,
      );
    }
    // One row may be long.
    for (let at = 0; at < bytes.length; at += MAX_MESSAGE_BYTES) {
      const piece = bytes.length <= MAX_MESSAGE_BYTES ? bytes : bytes.slice(at, at + MAX_MESSAGE_BYTES);
      while (work.sent - work.acknowledged >= WINDOW) {
        await new Promise<void>((resolve) => work.wake = resolve);
        work.wake = undefined;
        work.controller.signal.throwIfAborted();
      }
      work.sent++;
      scope.postMessage({ kind: "piece", id: work.id, bytes: piece }, [piece.buffer]);
    }
  }
}

async function answerQuery(
  work: Work,
  chosen: readonly Source[],
  question: PoolRequest & { type: "query" },
): Promise<void> {
  const { signal } = work.controller;
  let badLines = 0;
  using found: QueryResult = await query(chosen, question.asked, {
    params: question.params,
    all: question.all,
    awaitsSeries: question.awaitsSeries,
    signal,
    views,
    onProblem: () => badLines++,
    onSnapshot: () => work.startClock(),
  });
  const sender = new Sender(work);
  if (question.explain) {
    sender.add(found.explain());
    return await sender.flush();
  }
  const problems = chosen.reduce((sum, { repository }) => sum + repository.problems.length, 0);
  const { head, line, between, foot } = question.format === "rows"
    ? {
      head: JSON.stringify({ columns: found.columns, explain: found.explain() }) + "\n",
      line: (row: readonly QueryValue[]) => JSON.stringify(row.map(cellToJson)) + "\n",
      between: "",
      foot: undefined,
    }
    : rowsWriter(question.format, found.columns, { safe: question.safe });
  sender.add(head);
  let count = 0;
  for await (const rows of found.chunks()) {
    for (const row of rows) {
      if (count++ > 0) sender.add(between);
      sender.add(line(row));
      if (count > work.limits.rows) {
        throw new LimitError(
          `Cannot answer the query: it has more than ${work.limits.rows} rows; narrow it down, or use LIMIT`,
        );
      }
      if (sender.isFull) await sender.flush();
    }
  }
  sender.add(foot ?? JSON.stringify({ end: count, badLines, problems }) + "\n");
  await sender.flush();
}

async function answerSeries(
  work: Work,
  chosen: readonly Source[],
  { selector, all }: PoolRequest & { type: "series" },
): Promise<void> {
  const { signal } = work.controller;
  const curves = await queryCurves(chosen, selector, { all, signal, views, onSnapshot: () => work.startClock() });
  const sender = new Sender(work);
  sender.add(`{"curves":[`);
  for (const [at, { labels, x, y, coordinates }] of curves.entries()) {
    const named = Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, cellToJson(value)]));
    const numbers = (list: Float64Array) =>
      `[${Array.from(list, (value) => JSON.stringify(cellToJson(value))).join(",")}]`;
    const columns = (of: Readonly<Record<string, Float64Array>>) =>
      `{${Object.entries(of).map(([name, list]) => `${JSON.stringify(name)}:${numbers(list)}`).join(",")}}`;
    const counts = [
      `"labels":${JSON.stringify(named)}`,
      `"x":${numbers(x)}`,
      `"y":${columns(y)}`,
      `"coordinates":${columns(coordinates)}`,
    ];
    sender.add(`${at > 0 ? "," : ""}\n{${counts.join(",")}}`);
    if (sender.isFull) await sender.flush();
  }
  sender.add("\n]}\n");
  await sender.flush();
}

async function answerList(work: Work, source: Source, request: ListRequest): Promise<void> {
  const { limits, controller: { signal } } = work;
  const list = await listExperiments(source, request, { signal, views });
  work.startClock();
  if (list.rows.length > limits.rows) {
    throw new LimitError(`Cannot list: there are more than ${limits.rows} experiments; use limit`);
  }
  const sender = new Sender(work);
  sender.add(JSON.stringify(listToJson(list)) + "\n");
  await sender.flush();
}

async function answerSchema(work: Work, chosen: readonly Source[]): Promise<void> {
  const sender = new Sender(work);
  const { signal } = work.controller;
  work.startClock();
  sender.add(JSON.stringify(await describeSchema(chosen, { signal, now: Date.now() })) + "\n");
  await sender.flush();
}
