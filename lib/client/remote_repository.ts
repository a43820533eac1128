import { lastSegment } from "../base/paths.ts";
import { definitionFile } from "../format/layout/names.ts";
import { routeTo } from "../protocol/route_table.ts";
import { messageOf, UnreachableError } from "../base/errors.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import type { LoggedExperiment } from "../logger/logged_experiment.ts";
import type { ExperimentOptions } from "../logger/options.ts";
import { columnsOfResult, type ResultColumn } from "../query/result/typed_columns.ts";
import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import type { ExperimentList, ListRequest } from "../query/list/list.ts";
import { listFromJson } from "../protocol/list.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import type { QueryOptions } from "../query/query.ts";
import { PendingResult } from "../query/result/pending_result.ts";
import type { DescribedSchema } from "../query/describe_schema.ts";
import type { QuerySession } from "../query/session/session.ts";
import { cellToJson, queryInputToJson } from "../protocol/cells.ts";
import { type CommandRequest, requestOf } from "../repo/control/requests.ts";
import { parseRun } from "../format/definitions/definition.ts";
import { classifyPath } from "../format/layout/file_kind.ts";
import { Experiment, type ExperimentRun } from "../repo/experiments/experiment.ts";
import { parseListed } from "../repo/cache/parse_definition.ts";
import { Repository } from "../repo/repository.ts";
import type { ListOptions } from "../repo/lookup/context.ts";
import { Run } from "../repo/experiments/run.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import type { Transport } from "./http/exchange.ts";
import { RemoteStore } from "./store/remote_store.ts";
import type { HttpClient } from "./http/client.ts";
import { curvesOf, schemaOf } from "./checked_answers.ts";
import { type LiveResult, liveResults } from "./live/live_results.ts";
import { normalizeServerUrl } from "../base/server_url.ts";
import { warn } from "../base/warn.ts";
import { RemoteResult } from "./remote_result.ts";
import { remoteLive } from "./live/remote_live.ts";
import { CachedStore } from "./store/cached_store.ts";
import { RemoteLogging } from "./spool/remote_logging.ts";

/** How to use a repository behind a URL. */
export interface RemoteRepositoryOptions {
  readonly token?: string;
  /** Whether the token may go over plain HTTP to another machine. Default false. */
  readonly insecure?: boolean;
  /**
   * The absolute folder in which what is logged waits until the server has it. Default: `DBX_SPOOL`, or `dbx/spool` in the
   * user's folder for state.
   */
  readonly spool?: string;
  /** Called with trouble on the way. Default: a line on stderr. */
  readonly onMessage?: (message: string) => void;
  readonly transport?: Transport;
  /** Milliseconds before a request is sent again; each further time three times as long. Default 200. */
  readonly pause?: number;
}

/**
 * A repository behind a URL, with all that one in a folder can do. Reading asks the server; queries are answered there;
 * what is logged is written to a spool on this machine, and sent on as it comes. Needs net permission for the host, and for
 * logging read and write permission on the spool.
 */
export class RemoteRepository extends Repository implements AsyncDisposable {
  readonly client: HttpClient;
  readonly #snapshot: CachedStore;
  readonly #logging: RemoteLogging;
  readonly #say: (message: string) => void;

  private constructor(
    override readonly store: RemoteStore,
    version: 0 | 1,
    id: string | undefined,
    options: RemoteRepositoryOptions,
  ) {
    super(store, version, id);
    this.client = store.client;
    this.#snapshot = new CachedStore(store);
    this.#say = options.onMessage ?? warn;
    this.#logging = new RemoteLogging(store, options.spool, this.#say);
  }

  /** Opens the repository at a server's URL. Rejects where there is none, or it cannot be reached. */
  static async open(location: string, options: RemoteRepositoryOptions = {}): Promise<RemoteRepository> {
    const store = connect(location, options);
    const { repository, role } = await store.client.json("about");
    if (!isObject(repository) || typeof role !== "string") throw store.client.protocolError();
    const id = typeof repository.id === "string" ? repository.id : undefined;
    return new RemoteRepository(store, repository.version === 0 ? 0 : 1, id, options);
  }

  /** The same, but an unreachable server is not an error: logged events wait for it. */
  static async openOrWait(location: string, options: RemoteRepositoryOptions = {}): Promise<RemoteRepository> {
    try {
      return await RemoteRepository.open(location, options);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const repository = RemoteRepository.unopened(location, options);
      repository.#say(`${error.message}; logged events are stored until it can be reached`);
      return repository;
    }
  }

  /**
   * The same without a word to the server: for logging, which must begin though the server is down. What is read then
   * asks it.
   */
  static unopened(location: string, options: RemoteRepositoryOptions = {}): RemoteRepository {
    return new RemoteRepository(connect(location, options), 1, undefined, options);
  }

  /** The repository as it is now, file by file, for what walks through all of it. */
  async snapshot(signal?: AbortSignal): Promise<Repository> {
    await this.#snapshot.refresh(signal);
    return new Repository(this.#snapshot, this.version, this.id);
  }

  override async *experiments(options: ListOptions = {}): AsyncIterableIterator<Experiment> {
    const now = await this.snapshot(options.signal);
    yield* now.experiments(options);
    [...now.problems, ...now.incomplete].forEach((problem) => this.report(problem));
  }

  /** As of a folder: the server looks. */
  override async findExperiment(prefix: string): Promise<Experiment> {
    return this.#experimentOf(await this.#find("experiment", prefix));
  }

  override async findRun(prefix: string): Promise<ExperimentRun> {
    const found = await this.#find("run", prefix);
    const experiment = this.#experimentOf(found);
    if (experiment.runV0 !== undefined) return new Run(experiment, experiment.runV0, experiment.folder);
    const { folder, path, text } = this.#placeOf(found.run);
    return new Run(experiment, parseRun(text, { path, id: lastSegment(folder) }), folder);
  }

  /** Answers a `SELECT`; the server does so, as it would be answered in its folder. `.objects()` gives rows as objects. */
  query(
    asked: QueryInput,
    params?: QueryOptions["params"],
    options: QueryOptions = {},
  ): PendingResult<RemoteResult> {
    return new PendingResult(this.#query(asked, params, options));
  }

  async #query(asked: QueryInput, params: QueryOptions["params"], options: QueryOptions): Promise<RemoteResult> {
    const named = Object.entries(params ?? options.params ?? {}).map(([name, value]) => [
      name,
      typeof value === "boolean" ? value : cellToJson(value),
    ]);
    const more = { params: Object.fromEntries(named), all: options.all, format: "rows", as: this.location };
    const json = { ...queryInputToJson(asked), ...more };
    const response = await this.client.call("query_by_body", { json, signal: options.signal });
    return await RemoteResult.open(this.client, response);
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

  /** Curves of series, made by the server: with `points`, few bytes come. */
  async series(selector: string | CurveSelector, options: QueryOptions = {}): Promise<Curve[]> {
    const { groupBy, aggregates, tags = [], ...rest }: CurveSelector = typeof selector === "string"
      ? { series: selector }
      : selector;
    const search = {
      ...rest,
      tag: tags,
      group_by: groupBy?.join(","),
      agg: aggregates?.join(","),
      all: options.all,
    };
    const { curves } = await this.client.json("series", { search, signal: options.signal });
    const asked = typeof selector === "string" ? { series: selector } : selector;
    return curvesOf(curves, asked, () => this.client.protocolError());
  }

  /** Experiments as `dbx ls` lists them; the server does so. */
  async list(request: ListRequest = {}, options: { readonly signal?: AbortSignal } = {}): Promise<ExperimentList> {
    const { cols, tags = [], limit = Infinity, ...rest } = request;
    const search = { ...rest, cols: cols?.join(","), limit: limit === Infinity ? undefined : limit, tag: tags };
    const list = listFromJson(await this.client.json("list", { search, signal: options.signal }));
    if (list === undefined) throw this.client.protocolError();
    return list;
  }

  /** What can be asked: tables, columns, keys of series. */
  async schema(signal?: AbortSignal): Promise<DescribedSchema> {
    return schemaOf(await this.client.json("schema", { signal }), () => this.client.protocolError());
  }

  /** The repository as it is now, for many questions: its logs come here, and are asked here. */
  async view(options: QueryOptions = {}): Promise<QuerySession> {
    const { sourceOf } = await import("../query/snapshot/source.ts");
    const { wholeView } = await import("../query/session/whole_view.ts");
    return await wholeView(sourceOf(await this.snapshot(options.signal), { name: this.location }), options);
  }

  /** The answer to a `SELECT`, again and again as it changes, until the signal aborts or the loop is left. */
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
      const news = {
        onTrouble: (error: unknown) => this.#say(`${messageOf(error)}; connecting again`),
        onAgain: () => this.#say(`${this.client.base} can be reached again`),
      };
      yield* liveResults(remoteLive(this.client, { asked, params, all: options.all }, signal, news));
    } finally {
      controller.abort();
    }
  }

  /**
   * Makes an experiment, which is on this machine's disk when the promise resolves, and on its way to the server; or, by the
   * beginning of its id, opens one that exists on the server, for further runs, tags and notes.
   *
   * @throws {UsageError} For an option that there is not.
   */
  async experiment(of: ExperimentOptions | string): Promise<LoggedExperiment> {
    if (typeof of !== "string") return await this.#logging.experiment(of);
    const found = await this.findExperiment(of);
    return await this.#logging.existing(found, (event, data) => this.note(found.id, event, data));
  }

  /**
   * The folder in which what is logged waits for the server, as a store; it stays until `close`. `path`: that of a process
   * that died, which is gone on with.
   */
  async spoolStore(path?: string): Promise<LocalStore> {
    return await this.#logging.spoolStore(path);
  }

  /** Adds to the notes of an experiment: `dbx/tag`, `dbx/note`, `dbx/rename`, `dbx/delete`, `dbx/restore`, `dbx/command`. */
  async note(experiment: string, event: string, data: JsonObject = {}): Promise<void> {
    const json = { event, data };
    await this.client.done(routeTo("note", { exp: experiment }), { json, retries: 0 });
  }

  /** What was asked of an experiment's runs. */
  async requests(experiment: string, signal?: AbortSignal): Promise<CommandRequest[]> {
    const { requests } = await this.client.json(routeTo("requests", { exp: experiment }), {
      signal,
      retries: 0,
    });
    if (!Array.isArray(requests)) throw this.client.protocolError();
    return requests.flatMap((json: unknown) => {
      if (!isObject(json) || typeof json.ts !== "number") return [];
      return requestOf(json as JsonObject, String(json.exp ?? experiment), json.ts) ?? [];
    });
  }

  /**
   * Waits up to the given number of milliseconds (default: 10,000; longer as long as a large file comes further) until the
   * server has all that was logged. Returns whether it has.
   */
  close(milliseconds?: number): Promise<boolean> {
    return this.#logging.close(milliseconds);
  }

  /** Whether the server did not take something that was logged because this token may not write it. */
  get isRefused(): boolean {
    return this.#logging.isRefused;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #find(of: "experiment" | "run", prefix: string): Promise<Record<string, unknown>> {
    return await this.client.json("find", { search: { id: prefix, of, as: this.location } });
  }

  #experimentOf({ experiment }: Record<string, unknown>): Experiment {
    const { folder, path, text } = this.#placeOf(experiment);
    const isV0 = (experiment as JsonObject).version === 0;
    const { definition, runV0 } = parseListed(text, { path, id: lastSegment(folder), isV0 });
    return new Experiment(this, definition, folder, runV0);
  }

  /** A definition that the server sent. Its folder may become one on this machine. */
  #placeOf(json: unknown): { folder: string; path: string; text: string } {
    if (!isObject(json) || typeof json.meta !== "string") throw this.client.protocolError();
    const folder = String(json.folder);
    const path = definitionFile(folder);
    if (classifyPath(path) !== "definition") throw this.client.protocolError();
    return { folder, path, text: json.meta };
  }
}

function connect(location: string, options: RemoteRepositoryOptions): RemoteStore {
  const { token, insecure, transport, pause } = options;
  return new RemoteStore({ base: normalizeServerUrl(location), token, insecure, transport, pause });
}
