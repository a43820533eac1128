import { DbxError, messageOf } from "../base/errors.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { LogIndex } from "../index/log_index.ts";
import { takeSnapshot } from "../query/snapshot/snapshot.ts";
import { type ExperimentOptions, LoggedExperiment, LoggingRepository } from "../logger/open.ts";
import { checkExtendable } from "../logger/create.ts";
import { columnsOfResult, type ResultColumn } from "../query/result/typed_columns.ts";
import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import type { ExperimentList, ListRequest } from "../query/list/list.ts";
import { listFromJson } from "../protocol/list.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import type { QueryOptions } from "../query/query.ts";
import type { DescribedSchema } from "../query/describe_schema.ts";
import { QuerySession } from "../query/session/session.ts";
import { cellToJson, queryInputToJson } from "../protocol/cells.ts";
import { type CommandRequest, requestOf } from "../repo/control/requests.ts";
import { type ExperimentDefinition, parseRun } from "../format/definitions/definition.ts";
import { classifyPath } from "../format/layout/file_kind.ts";
import { Experiment } from "../repo/experiments/experiment.ts";
import { parseListed } from "../repo/cache/parse_definition.ts";
import { type ListOptions, Repository } from "../repo/repository.ts";
import { Run } from "../repo/experiments/run.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import { RemoteStore, type Transport } from "./store/remote_store.ts";
import { Api, UnreachableError } from "./http/client.ts";
import { curvesOf, schemaOf } from "./checked_answers.ts";
import { type LiveResult, liveResults } from "./live_results.ts";
import { normalizeServerUrl } from "../base/server_url.ts";
import { warn } from "../base/warn.ts";
import { RemoteResult } from "./remote_result.ts";
import { remoteLive } from "./remote_live.ts";
import { CachedStore } from "./store/cached_store.ts";
import { listSpools } from "./spool/list.ts";
import { Spool } from "./spool/spool.ts";

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
  /** Told of trouble on the way. Default: a line on stderr. */
  readonly onMessage?: (message: string) => void;
  readonly transport?: Transport;
  /** Milliseconds before a request is sent again; each further time three times as long. Default 200. */
  readonly pause?: number;
}

/** Milliseconds that the end of a run waits for the server. */
const DRAIN_MS = 10_000;
/** Milliseconds after which a spool that is not written to is closed. */
const SETTLE_MS = 200;

/**
 * A repository behind a URL, with all that one in a folder can do. Reading asks the server; queries are answered there;
 * what is logged is written to a spool on this machine, and sent on as it comes. Needs net permission for the host, and for
 * logging read and write permission on the spool.
 */
export class RemoteRepository extends Repository implements AsyncDisposable {
  readonly api: Api;
  readonly #snapshot: CachedStore;
  readonly #options: RemoteRepositoryOptions;
  #spool: Promise<Spool> | undefined;
  /** How many runs and other things are being written to the spool. */
  #writing = 0;
  /** The closing of a spool that is no longer written to. */
  #settling: Promise<void> = Promise.resolve();
  #closing: Promise<boolean> | undefined;
  /** Whether somebody writes to the spool by themselves, and closes it. */
  #hasOwner = false;

  private constructor(
    override readonly store: RemoteStore,
    api: Api,
    version: 0 | 1,
    id: string | undefined,
    options: RemoteRepositoryOptions,
  ) {
    super(store, version, id);
    this.api = api;
    this.#snapshot = new CachedStore(store);
    this.#options = options;
  }

  /** Opens the repository at a server's URL. Rejects where there is none, or it cannot be reached. */
  static async open(location: string, options: RemoteRepositoryOptions = {}): Promise<RemoteRepository> {
    const { store, api } = connect(location, options);
    const { repository, role } = await api.json("");
    if (!isObject(repository) || typeof role !== "string") throw api.nonsense();
    const id = typeof repository.id === "string" ? repository.id : undefined;
    return new RemoteRepository(store, api, repository.version === 0 ? 0 : 1, id, options);
  }

  /** The same, where a server that cannot be reached is no error: what is logged waits for it. */
  static async openOrWait(location: string, options: RemoteRepositoryOptions = {}): Promise<RemoteRepository> {
    try {
      return await RemoteRepository.open(location, options);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const repository = RemoteRepository.unopened(location, options);
      repository.#say(`${error.message}; what is logged waits for it`);
      return repository;
    }
  }

  /**
   * The same without a word to the server: for logging, which must begin though the server is down. What is read then
   * asks it.
   */
  static unopened(location: string, options: RemoteRepositoryOptions = {}): RemoteRepository {
    const { store, api } = connect(location, options);
    return new RemoteRepository(store, api, 1, undefined, options);
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

  override async findRun(prefix: string): Promise<Run> {
    const found = await this.#find("run", prefix);
    const experiment = this.#experimentOf(found);
    if (experiment.runV0 !== undefined) return new Run(experiment, experiment.runV0, experiment.folder);
    const { folder, path, text } = this.#placeOf(found.run);
    return new Run(experiment, parseRun(text, { path, id: folder.slice(folder.lastIndexOf("/") + 1) }), folder);
  }

  /** Answers a `SELECT`; the server does so, as it would be answered in its folder. */
  async query(asked: QueryInput, params?: QueryOptions["params"], options: QueryOptions = {}): Promise<RemoteResult> {
    const named = Object.entries(params ?? options.params ?? {}).map(([name, value]) => [
      name,
      typeof value === "boolean" ? value : cellToJson(value),
    ]);
    const more = { params: Object.fromEntries(named), all: options.all, format: "rows", as: this.location };
    const json = { ...queryInputToJson(asked), ...more };
    const response = await this.api.call("query", { json, signal: options.signal });
    return await RemoteResult.open(this.api, response);
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
    const { curves } = await this.api.json("series", { search, signal: options.signal });
    const asked = typeof selector === "string" ? { series: selector } : selector;
    return curvesOf(curves, asked, () => this.api.nonsense());
  }

  /** Experiments as `dbx ls` lists them; the server does so. */
  async list(request: ListRequest = {}, options: { readonly signal?: AbortSignal } = {}): Promise<ExperimentList> {
    const { cols, tags = [], limit = Infinity, ...rest } = request;
    const search = { ...rest, cols: cols?.join(","), limit: limit === Infinity ? undefined : limit, tag: tags };
    const list = listFromJson(await this.api.json("list", { search, signal: options.signal }));
    if (list === undefined) throw this.api.nonsense();
    return list;
  }

  /** What can be asked: tables, columns, keys of series. */
  async schema(signal?: AbortSignal): Promise<DescribedSchema> {
    return schemaOf(await this.api.json("schema", { signal }), () => this.api.nonsense());
  }

  /** The repository as it is now, for many questions: its logs come here, and are asked here. */
  async view(options: QueryOptions = {}): Promise<QuerySession> {
    const needs = { status: true, runs: true, runStatus: true, logs: true, stdout: false, columns: true, times: true };
    const repository = await this.snapshot(options.signal);
    const source = { repository, index: new LogIndex(repository.store), name: this.location };
    return new QuerySession(await takeSnapshot([source], needs, { ...options, now: options.now ?? Date.now() }));
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
      yield* liveResults(remoteLive(this.api, { asked, params, all: options.all }, signal, (error) => {
        this.#say(`${messageOf(error)}; connecting again`);
      }));
    } finally {
      controller.abort();
    }
  }

  /** Makes an experiment. It is on this machine's disk when the promise resolves, and on its way to the server. */
  async experiment(options: ExperimentOptions): Promise<LoggedExperiment> {
    const store = await this.#begin();
    try {
      const { definition, folder } = await new LoggingRepository(store, 1).experiment(options);
      return await this.#logged(store, definition, folder);
    } finally {
      this.#done();
    }
  }

  /** An experiment that exists on the server, by an id prefix, to be run again. */
  async resume(prefix: string): Promise<LoggedExperiment> {
    const found = await this.findExperiment(prefix);
    checkExtendable(found);
    const store = await this.#begin();
    try {
      const name = `${found.folder}/meta.json`;
      await createIfNew(store, name, await this.store.read(name));
      return await this.#logged(store, found.definition, found.folder);
    } finally {
      this.#done();
    }
  }

  async #logged(
    store: LocalStore,
    definition: ExperimentDefinition,
    folder: string,
  ): Promise<LoggedExperiment> {
    const name = `${folder}/meta.json`;
    const bytes = await store.read(name);
    return new LoggedExperiment(store, definition, folder, {
      begin: async () => {
        const store = await this.#begin();
        try {
          // The spool may be another one than that in which the experiment was made.
          if (await store.stat(name) === undefined) await createIfNew(store, name, bytes);
          return store;
        } catch (error) {
          this.#done();
          throw error;
        }
      },
      done: () => this.#done(),
    });
  }

  /** The spool's store, for something that is to be written; `#done` when it is. */
  async #begin(): Promise<LocalStore> {
    this.#writing++;
    try {
      await this.#settling;
      return (await this.#spooling()).store;
    } catch (error) {
      this.#writing--;
      throw error;
    }
  }

  /**
   * When nothing is being written any more, what is there is sent and its spool removed in the background, so that a
   * script that ends here leaves nothing behind where the server is reached. A script is kept alive for that long only.
   */
  #done(): void {
    this.#writing--;
    if (this.#writing > 0 || this.#spool === undefined || this.#hasOwner) return;
    this.#settling = this.#settling.then(async () => {
      // Often something else is written at once.
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      if (this.#writing === 0) await this.close();
    }).catch((error) => this.#say(messageOf(error)));
  }

  /**
   * The folder in which what is logged waits for the server, as a store; it stays until `close`. `path`: that of a process
   * that died, which is gone on with.
   */
  async spoolStore(path?: string): Promise<LocalStore> {
    this.#hasOwner = true;
    if (path !== undefined) {
      const options = { onMessage: (message: string) => this.#say(message) };
      this.#spool = Promise.resolve(Spool.resume(path, this.api, this.store, options));
    }
    return (await this.#spooling()).store;
  }

  /** Adds to the notes of an experiment: `dbx/tag`, `dbx/note`, `dbx/delete`, `dbx/restore`, `dbx/command`. */
  async note(experiment: string, event: string, data: JsonObject = {}): Promise<void> {
    const response = await this.api.call(`experiments/${encodeURIComponent(experiment)}/notes`, {
      json: { event, data },
      retries: 0,
    });
    await response.body?.cancel();
  }

  /** What was asked of an experiment's runs. */
  async requests(experiment: string, signal?: AbortSignal): Promise<CommandRequest[]> {
    const { requests } = await this.api.json(`experiments/${encodeURIComponent(experiment)}/requests`, {
      signal,
      retries: 0,
    });
    if (!Array.isArray(requests)) throw this.api.nonsense();
    return requests.flatMap((json: unknown) => {
      if (!isObject(json) || typeof json.ts !== "number") return [];
      return requestOf(json as JsonObject, String(json.exp ?? experiment), json.ts) ?? [];
    });
  }

  /** Waits at most so many milliseconds until the server has all that was logged. Returns whether it has. */
  close(milliseconds: number = DRAIN_MS): Promise<boolean> {
    if (this.#closing !== undefined) return atMost(milliseconds, this.#closing);
    return this.#closing = this.#close(milliseconds).finally(() => this.#closing = undefined);
  }

  async #close(milliseconds: number): Promise<boolean> {
    const opening = this.#spool;
    this.#spool = undefined;
    const spool = await opening;
    if (spool === undefined) return true;
    const done = await spool.close(milliseconds);
    if (done) await this.#sendLeftovers();
    if (!done) {
      const why = spool.trouble === undefined ? "" : `: ${spool.trouble}`;
      this.#say(
        `the server does not have all of it yet${why}; it waits in ${spool.path}, and dbx spool push --repo ${this.location} sends it`,
      );
    }
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends what ended runs of other processes left here while the server was away, as far as that is quickly done. */
  async #sendLeftovers(): Promise<void> {
    const signal = AbortSignal.timeout(DRAIN_MS);
    try {
      for (const { path, url, user, isAlive, hasEnded } of await listSpools(this.#options.spool!, Date.now())) {
        // What somebody logs with another token is theirs.
        if (url !== this.api.base || user !== this.api.user || isAlive || !hasEnded) continue;
        const spool = Spool.open(path, this.api, this.store);
        try {
          await spool?.sendAll(signal, true);
        } finally {
          spool?.leave();
        }
      }
    } catch {
      // It stays, for the next one or for dbx spool push.
    }
  }

  /** The spool of this repository; made when something is logged first. */
  #spooling(): Promise<Spool> {
    const folder = this.#options.spool;
    if (folder === undefined) {
      return Promise.reject(
        new DbxError(
          `Cannot log to ${this.location}: there is no folder for what waits; set DBX_SPOOL or the option spool`,
        ),
      );
    }
    return this.#spool ??= Spool.create(folder, this.api, this.store, { onMessage: (message) => this.#say(message) });
  }

  #say(message: string): void {
    if (this.#options.onMessage !== undefined) this.#options.onMessage(message);
    else warn(message);
  }

  async #find(of: "experiment" | "run", prefix: string): Promise<Record<string, unknown>> {
    return await this.api.json("find", { search: { id: prefix, of, as: this.location } });
  }

  #experimentOf({ experiment }: Record<string, unknown>): Experiment {
    const { folder, path, text } = this.#placeOf(experiment);
    const isV0 = (experiment as JsonObject).version === 0;
    const { definition, runV0 } = parseListed(text, { path, id: folder.slice(folder.lastIndexOf("/") + 1), isV0 });
    return new Experiment(this, definition, folder, runV0);
  }

  /** A definition that the server sent. Its folder may become one on this machine. */
  #placeOf(json: unknown): { folder: string; path: string; text: string } {
    if (!isObject(json) || typeof json.meta !== "string") throw this.api.nonsense();
    const path = `${json.folder}/meta.json`;
    if (classifyPath(path) !== "definition") throw this.api.nonsense();
    return { folder: String(json.folder), path, text: json.meta };
  }
}

/** What a promise gives, or false after so many milliseconds. */
async function atMost(milliseconds: number, promise: Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function createIfNew(store: LocalStore, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await store.create(name, bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

function connect(
  location: string,
  { token, insecure, transport, pause }: RemoteRepositoryOptions,
): { store: RemoteStore; api: Api } {
  const base = normalizeServerUrl(location);
  const send: Transport = transport ?? ((request) => fetch(request));
  return {
    store: new RemoteStore({ location: base, base, token, insecure, transport: send, pause }),
    api: new Api({ base, token, insecure, transport: send, pause }),
  };
}
