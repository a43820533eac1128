import { FileCatalogue } from "../index/file_catalogue.ts";
import { LogIndex } from "../index/log_index.ts";
import { type Source, takeSnapshot } from "../index/snapshot.ts";
import { LoggingRepository, openRepository as openForLogging } from "../logger/open.ts";
import type { LocalStore } from "../store/local.ts";
import type { Answer } from "./answer.ts";
import { type AnswerColumn, columnsOfAnswer } from "./columns.ts";
import { type Curve, type CurveSelector, curvesOf } from "./curves.ts";
import { query, type QueryOptions } from "./query.ts";
import { View } from "./view.ts";

/**
 * Opens a repository for reading, writing and asking.
 *
 * @param location A path; default `./output`. A file URL works too.
 * @param options `create` (default true): make it where there is none; otherwise throws `NotFoundError`. `index`: the
 * absolute path of a folder for what is derived from the logs; default `.dbx/index` in the repository, and only memory
 * where that cannot be written or the repository is of version 0.
 *
 * Permissions: read on the folder, write for writing and for the index.
 */
export async function openRepository(
  location: string | URL = "./output",
  options: { readonly create?: boolean; readonly index?: string } = {},
): Promise<OpenedRepository> {
  const { store, version, id } = await openForLogging(location, options);
  return new OpenedRepository(store, version, id, options.index);
}

/** A repository to read, to write and to ask. */
export class OpenedRepository extends LoggingRepository {
  readonly #source: Source;

  constructor(store: LocalStore, version: 0 | 1, id?: string, index?: string) {
    const folder = index ?? (version === 1 ? `${store.location}/.dbx/index` : undefined);
    super(store, version, id, new FileCatalogue(folder));
    this.#source = { repository: this, index: new LogIndex(store, { folder }), name: store.location };
  }

  /**
   * Answers a `SELECT`; see `query`. What changed since the last question is read first.
   *
   * @throws {QueryError} With the place in the query.
   */
  async query(sql: string, params?: QueryOptions["params"], options: QueryOptions = {}): Promise<Answer> {
    return await query([this.#source], sql, { ...options, params: params ?? options.params });
  }

  /** The columns of an answer: numbers as typed arrays. */
  async columns(
    sql: string,
    params?: QueryOptions["params"],
    options: QueryOptions = {},
  ): Promise<Record<string, AnswerColumn>> {
    using answer = await this.query(sql, params, options);
    return await columnsOfAnswer(answer);
  }

  /** Curves of series, as `dbx series` gives them. */
  async series(selector: string | CurveSelector, options: QueryOptions = {}): Promise<Curve[]> {
    const view = await this.view(options);
    return await curvesOf(view, typeof selector === "string" ? { series: selector } : selector, options);
  }

  /** The repository as it is now: what is asked of it later sees the same moment, and need not look for news. */
  async view(options: QueryOptions = {}): Promise<View> {
    const needs = { status: true, runs: true, runStatus: true, logs: true, stdout: false, columns: true };
    return new View(await takeSnapshot([this.#source], needs, { ...options, now: options.now ?? Date.now() }));
  }
}
