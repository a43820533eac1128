import { LOCAL_FOLDER } from "../format/layout/names.ts";
import { isOwnRepository } from "../fs/access/owner.ts";
import { FileCatalogue } from "../query/snapshot/catalogue/file_catalogue.ts";
import { LoggingRepository } from "../logger/open.ts";
import { appendNote } from "../logger/notes.ts";
import type { JsonObject } from "../base/json.ts";
import { type CommandRequest, readRequests } from "../repo/control/requests.ts";
import { PendingResult } from "../query/result/pending_result.ts";
import { columnsOfResult, type ResultColumn } from "../query/result/typed_columns.ts";
import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import type { ExperimentList, ListExperimentsOptions, ListRequest } from "../query/list/list.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import type { QueryOptions } from "../query/query.ts";
import type { QueryResult } from "../query/result/answer.ts";
import type { DescribedSchema } from "../query/describe_schema.ts";
import type { QuerySession } from "../query/session/session.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import type { LiveResult } from "./live/live_results.ts";
import type { LocalQueries } from "./local_queries.ts";

/** A repository in a folder, to read, to write and to ask. */
export class LocalRepository extends LoggingRepository implements AsyncDisposable {
  readonly #index: string | undefined;
  readonly #known: FileCatalogue;
  #queries: Promise<LocalQueries> | undefined;

  constructor(store: LocalStore, version: 0 | 1, id?: string, index?: string) {
    const folder = index ??
      (version === 1 && isOwnRepository(store.location) ? `${store.location}/${LOCAL_FOLDER}/index` : undefined);
    const catalogue = new FileCatalogue(folder);
    super(store, version, id, catalogue);
    this.#index = folder;
    this.#known = catalogue;
  }

  /** What answers questions, loaded with the first one. */
  #asking(): Promise<LocalQueries> {
    return this.#queries ??= import("./local_queries.ts").then(({ LocalQueries }) =>
      new LocalQueries(this, this.#index, () => this.#known.folders)
    );
  }

  /**
   * Answers a `SELECT`, or a question about experiments without SQL around it. What changed since the last question is read first.
   * Awaited, it gives rows as arrays, as they are found; `.objects()` of it gives them as objects.
   *
   * @throws {QueryError} With the place in the query.
   */
  query(asked: QueryInput, params?: QueryOptions["params"], options: QueryOptions = {}): PendingResult {
    const ask = async (): Promise<QueryResult> =>
      await (await this.#asking()).query(asked, { ...options, params: params ?? options.params });
    return new PendingResult(ask());
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
    return await (await this.#asking()).series(wanted, options);
  }

  /**
   * Lists experiments, as `dbx ls` does.
   *
   * @throws {UsageError} For a column that there is none of.
   */
  async list(request: ListRequest = {}, options: ListExperimentsOptions = {}): Promise<ExperimentList> {
    return await (await this.#asking()).list(request, options);
  }

  /** What can be asked: tables, columns, keys of series. */
  async schema(signal?: AbortSignal): Promise<DescribedSchema> {
    return await (await this.#asking()).schema(signal);
  }

  /** The repository as it is now: what is asked of it later sees the same moment, and need not look for news. */
  async view(options: QueryOptions = {}): Promise<QuerySession> {
    return await (await this.#asking()).view(options);
  }

  /**
   * The answer to a `SELECT`, again and again as it changes, until the signal aborts or the loop is left. Changes by
   * any program that writes to the folder are noticed. Slow readers get several changes coalesced into one. Keep to
   * answers of some thousand rows.
   */
  async *live(
    asked: QueryInput,
    params?: QueryOptions["params"],
    options: { readonly all?: boolean; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<LiveResult, void> {
    const controller = new AbortController();
    const signal = options.signal === undefined
      ? controller.signal
      : AbortSignal.any([options.signal, controller.signal]);
    try {
      yield* (await this.#asking()).live(asked, params, { all: options.all, signal });
    } finally {
      controller.abort();
    }
  }

  /** Adds to the notes of an experiment: `dbx/tag`, `dbx/note`, `dbx/rename`, `dbx/delete`, `dbx/restore`, `dbx/command`. */
  async note(experiment: string, event: string, data: JsonObject = {}): Promise<void> {
    await appendNote(this.store, (await this.findExperiment(experiment)).folder, event, data);
  }

  /** What was asked of an experiment's runs. */
  async requests(experiment: string): Promise<CommandRequest[]> {
    return await readRequests(await this.findExperiment(experiment));
  }

  /** All is in the folder already. */
  async close(): Promise<boolean> {
    (await this.#queries)?.close();
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
