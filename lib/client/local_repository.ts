import { isOwnRepository } from "../fs/access/owner.ts";
import { FileCatalogue } from "../query/snapshot/catalogue/file_catalogue.ts";
import { LogIndex } from "../index/log_index.ts";
import { type Source, takeSnapshot } from "../query/snapshot/snapshot.ts";
import { FolderChanges } from "../live/folder_changes.ts";
import { LiveQueryBroker } from "../live/live_query_broker.ts";
import { LoggingRepository } from "../logger/open.ts";
import { appendNote } from "../logger/notes.ts";
import type { JsonObject } from "../base/json.ts";
import { type CommandRequest, readRequests } from "../repo/control/requests.ts";
import type { QueryResult } from "../query/result/answer.ts";
import { columnsOfResult, type ResultColumn } from "../query/result/typed_columns.ts";
import { queryCurves } from "../query/curves/query_curves.ts";
import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import {
  type ExperimentList,
  listExperiments,
  type ListExperimentsOptions,
  type ListRequest,
} from "../query/list/list.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import { SessionCache } from "../query/session/session_cache.ts";
import { query, type QueryOptions } from "../query/query.ts";
import { type DescribedSchema, describeSchema } from "../query/describe_schema.ts";
import { QuerySession } from "../query/session/session.ts";
import { cellToJson } from "../protocol/cells.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import { type LiveResult, liveResults } from "./live_results.ts";

/** A repository in a folder, to read, to write and to ask. */
export class LocalRepository extends LoggingRepository implements AsyncDisposable {
  readonly #source: Source;
  #hub: LiveQueryBroker | undefined;

  constructor(store: LocalStore, version: 0 | 1, id?: string, index?: string) {
    const folder = index ??
      (version === 1 && isOwnRepository(store.location) ? `${store.location}/.dbx/index` : undefined);
    super(store, version, id, new FileCatalogue(folder));
    this.#source = { repository: this, index: new LogIndex(store, { folder }), name: store.location };
  }

  /**
   * Answers a `SELECT`, or a question about experiments without SQL around it; see `query`. What changed since the last question is read first.
   *
   * @throws {QueryError} With the place in the query.
   */
  async query(asked: QueryInput, params?: QueryOptions["params"], options: QueryOptions = {}): Promise<QueryResult> {
    return await query([this.#source], asked, { ...options, params: params ?? options.params });
  }

  /** The columns of an answer: numbers as typed arrays. */
  async columns(
    asked: QueryInput,
    params?: QueryOptions["params"],
    options: QueryOptions = {},
  ): Promise<Record<string, ResultColumn>> {
    using answer = await this.query(asked, params, options);
    return await columnsOfResult(answer);
  }

  /** Curves of series, as `dbx series` gives them. */
  async series(selector: string | CurveSelector, options: QueryOptions = {}): Promise<Curve[]> {
    const wanted = typeof selector === "string" ? { series: selector } : selector;
    return await queryCurves([this.#source], wanted, options);
  }

  /**
   * Lists experiments, as `dbx ls` does.
   *
   * @throws {UsageError} For a column that there is none of.
   */
  async list(request: ListRequest = {}, options: ListExperimentsOptions = {}): Promise<ExperimentList> {
    return await listExperiments(this.#source, request, options);
  }

  /** What can be asked: tables, columns, keys of series. */
  async schema(signal?: AbortSignal): Promise<DescribedSchema> {
    return await describeSchema([this.#source], { signal, now: Date.now() });
  }

  /** The repository as it is now: what is asked of it later sees the same moment, and need not look for news. */
  async view(options: QueryOptions = {}): Promise<QuerySession> {
    const needs = { status: true, runs: true, runStatus: true, logs: true, stdout: false, columns: true, times: true };
    return new QuerySession(await takeSnapshot([this.#source], needs, { ...options, now: options.now ?? Date.now() }));
  }

  /**
   * The answer to a `SELECT`, again and again as it changes, until the signal aborts or the loop is left. Whoever writes in
   * the folder is noticed. Who reads slowly gets several changes as one. Keep to answers of some thousand rows.
   */
  async *live(
    asked: QueryInput,
    params?: QueryOptions["params"],
    options: { readonly all?: boolean; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<LiveResult, void> {
    const views = new SessionCache();
    this.#hub ??= new LiveQueryBroker(
      async ({ asked, params, all }, signal) => {
        using answer = await this.query(asked, params, { all, signal, awaitsSeries: true, views });
        const rows: string[] = [];
        for await (const row of answer) rows.push(JSON.stringify(row.map(cellToJson)));
        return { columns: answer.columns, rows };
      },
      new FolderChanges(this.location, () => (this.catalogue as FileCatalogue).folders),
      { keepMs: 0 },
    );
    const controller = new AbortController();
    const signal = options.signal === undefined
      ? controller.signal
      : AbortSignal.any([options.signal, controller.signal]);
    try {
      yield* liveResults(this.#hub.follow({ asked, params, all: options.all }, { signal }));
    } finally {
      controller.abort();
    }
  }

  /** Adds to the notes of an experiment: `dbx/tag`, `dbx/note`, `dbx/delete`, `dbx/restore`, `dbx/command`. */
  async note(experiment: string, event: string, data: JsonObject = {}): Promise<void> {
    await appendNote(this.store, (await this.findExperiment(experiment)).folder, event, data);
  }

  /** What was asked of an experiment's runs. */
  async requests(experiment: string): Promise<CommandRequest[]> {
    return await readRequests(await this.findExperiment(experiment));
  }

  /** All is in the folder already. */
  close(): Promise<boolean> {
    this.#hub?.close();
    this.#hub = undefined;
    return Promise.resolve(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
