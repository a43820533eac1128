import type { LiveQueryBroker } from "../live/live_query_broker.ts";
import { isOpen } from "../protocol/route_table.ts";
import { Access, type AccessOptions } from "./access/access.ts";
import type { Grant } from "./access/grants.ts";
import { Cookies } from "./access/cookies.ts";
import { refuseOtherSites } from "./access/fetch_site.ts";
import { TokenCache } from "./access/token_cache.ts";
import type { TokenLimits } from "./access/token_limits.ts";
import type { TokenFile } from "./access/token_file.ts";
import { findRoute, placeOf } from "./api/router.ts";
import { checkIntact } from "./http/checksum.ts";
import { HiddenPaths } from "./http/hidden_paths.ts";
import { HttpError } from "./http/http_error.ts";
import { Metrics } from "./http/metrics.ts";
import { checkProtocol } from "./http/protocol_version.ts";
import { BulkWork } from "./listen/bulk_work.ts";
import { serveHttp, type ServeOptions } from "./listen/listen.ts";
import type { QuickAnswer, RequestContext, Requester } from "./listen/types.ts";
import { answerErrors } from "./middleware/answer_errors.ts";
import { boundLargeBodies, dropBodyOfHead } from "./middleware/bodies.ts";
import { checkRequest, checkRole, checkWritable, checkWriteRate } from "./middleware/check_call.ts";
import { countRequests } from "./middleware/count_requests.ts";
import { allowCrossOrigin, setCommonHeaders } from "./middleware/headers.ts";
import { answerOptions, checkMethod } from "./middleware/methods.ts";
import { type Answerer, check, compose } from "./middleware/middleware.ts";
import { whileGranted } from "./middleware/while_granted.ts";
import { describeInterface } from "./openapi.ts";
import type { AskLimits } from "./pool/messages.ts";
import type { StartHelper } from "./pool/query_helper.ts";
import { QueryPool } from "./pool/query_pool.ts";
import { liveQueriesOf } from "./repository/live_queries.ts";
import { type ServedOptions, ServedRepository } from "./repository/served_repository.ts";
import type { Call, OpenCall, Services } from "./routes/call.ts";
import { GUARDED_ENDPOINTS, OPEN_ENDPOINTS } from "./routes/handlers.ts";
import { RecentExperiments } from "./routes/experiments/recent_experiments.ts";

/** What a server offers, and to whom. */
export interface AppOptions extends AccessOptions {
  /** The first one is also at `/api/v1`. */
  readonly repositories: readonly ServedOptions[];
  /** Tokens that open all repositories, instead of those of each one. */
  readonly tokens?: TokenFile;
  /** What tokens may write to each repository that have no limits of their own. */
  readonly quotas?: TokenLimits;
  /** What one query may use. */
  readonly limits?: Partial<AskLimits>;
  /** Helpers for queries. Default 2. */
  readonly helpers?: number;
  /** Starts one. Default: a thread of this process. */
  readonly startHelper?: StartHelper;
  /** Called with errors that are not shown to a client. */
  readonly onError?: (message: string) => void;
}

/** Where and how an app listens. */
export type ListenOptions = Omit<ServeOptions, "quick" | "whose">;

/** The sender of a request that another server received. */
export interface Sender {
  /** The address, without a port: wrong tokens are counted by it. */
  readonly address?: string;
  /** Whether the way to the sender is encrypted. */
  readonly isSecure?: boolean;
}

/** Answers requests about repositories, by the table of routes (`lib/protocol/route_table.ts`). */
export class App {
  readonly metrics: Metrics = new Metrics();
  readonly #served: readonly ServedRepository[];
  readonly #byName: ReadonlyMap<string, ServedRepository>;
  readonly #liveQueries = new Map<ServedRepository, LiveQueryBroker>();
  readonly #access: Access;
  readonly #pool: QueryPool;
  readonly #livePool: QueryPool;
  readonly #bulk = new BulkWork();
  readonly #ended = new AbortController();
  readonly #services: Services;
  readonly #answer: Answerer<RequestContext>;
  readonly #answerOpen: Answerer<OpenCall>;
  readonly #answerGuarded: Answerer<Call>;

  constructor(readonly options: AppOptions) {
    const { tokens, quotas, limits, helpers, startHelper: start, onError, now } = options;
    const { hide } = new HiddenPaths(options.repositories.flatMap(({ name, store, folder }) => [
      { path: store.location, name },
      ...folder === undefined ? [] : [{ path: folder, name: "its index" }],
    ]));
    const shared = tokens === undefined ? undefined : new TokenCache(tokens, onError, now);
    this.#served = options.repositories.map((one, at) =>
      new ServedRepository({ ...one, limits: quotas, shared, onError, hide, now }, at, this.#bulk)
    );
    this.#byName = new Map(this.#served.map((one) => [one.name, one]));
    const access = new Access(options, [...new Set(this.#served.flatMap(({ tokens }) => tokens))]);
    this.#access = access;
    const asked = options.repositories.map(({ name, store, folder }) => ({ name, path: store.location, folder }));
    this.#pool = new QueryPool({ repositories: asked, limits, start, helpers, onError });
    this.#livePool = new QueryPool({ repositories: asked, start, helpers: 1, waiting: 1000, onError });
    this.#services = {
      served: this.#served,
      access,
      pool: this.#pool,
      metrics: this.metrics,
      recent: new RecentExperiments(access, this.metrics),
      ended: this.#ended.signal,
      liveQueries: (served) => this.#liveQueriesOf(served),
      allLiveQueries: () => [...this.#liveQueries.values()],
    };
    // Requests pass these steps from top to bottom, and their answers from bottom to top: first those of all requests,
    this.#answer = compose<RequestContext>([
      countRequests(this.metrics),
      allowCrossOrigin(access),
      setCommonHeaders,
      answerErrors({ onError, hide }),
      check(checkMethod),
      check(refuseOtherSites(access)),
      check(checkProtocol),
      check(checkIntact),
      answerOptions(access),
    ], (context) => this.#route(context));
    // then those of the routes that anybody may use,
    this.#answerOpen = compose<OpenCall>([
      check(checkRequest),
      dropBodyOfHead,
    ], (call) => OPEN_ENDPOINTS[call.name].handle(call));
    // or those of all other routes, once it is known who asks.
    this.#answerGuarded = compose<Call>([
      whileGranted,
      check(checkRole),
      check(checkWritable),
      check(checkRequest),
      check(checkWriteRate),
      dropBodyOfHead,
      boundLargeBodies(this.#bulk),
    ], (call) => GUARDED_ENDPOINTS[call.name].handle(call));
  }

  /** Makes ready what the first query needs. */
  warm(): void {
    this.#pool.warm();
  }

  /** Streams end, and nothing new is taken up. */
  stop(): void {
    this.#ended.abort();
    this.#bulk.stop();
    for (const queries of this.#liveQueries.values()) queries.close();
    this.#pool.close();
    this.#livePool.close();
  }

  /** Closes what is open, when all requests have ended. */
  [Symbol.dispose](): void {
    this.stop();
    this.#access[Symbol.dispose]();
    for (const one of this.#served) one[Symbol.dispose]();
  }

  /** The sender of a request; undefined for a stranger's. */
  readonly whose = (context: RequestContext, address: string): Requester | undefined =>
    this.#access.whose(context, address);

  /** What answers a small question that was asked just now, where nothing has to be decided about who asks. */
  readonly quick = (request: Request): QuickAnswer | undefined => this.#services.recent.answer(request);

  /**
   * Listens until the signal aborts; then streams end, requests that are under way are answered, and the promise resolves.
   */
  async listen(options: ListenOptions = {}): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) this.stop();
    signal?.addEventListener("abort", () => this.stop(), { once: true });
    await serveHttp(this.handle, {
      ...options,
      quick: this.quick,
      whose: this.whose,
      onCut: (why) => {
        this.metrics.cut(why);
        options.onCut?.(why);
      },
      onListen: (url) => {
        this.warm();
        options.onListen?.(url);
      },
    });
  }

  /**
   * Answers a request that another server received, for a handler of `Deno.serve` or of a framework. That server bounds how
   * many requests there are and how slow clients may be; {@linkcode listen} does so itself.
   */
  readonly fetch = async (request: Request, sender: Sender = {}): Promise<Response> => {
    const { address = "unknown", isSecure = false } = sender;
    return await this.handle({ request, url: new URL(request.url), address, isSecure });
  };

  /** Answers a request; never rejects. */
  readonly handle = async (context: RequestContext): Promise<Response> => await this.#answer(context);

  /** Finds the route of a request, and who sends it. */
  async #route(context: RequestContext): Promise<Response> {
    const { request, url, client = "all", gone, sent } = context;
    const { repository, pathname } = placeOf(url);
    const route = findRoute(request.method, pathname);
    if (route instanceof HttpError) {
      await this.#admit(context, repository, pathname); // Strangers do not learn that.
      throw route;
    }
    const { name, path } = route;
    const matched = { request, url, path, context };
    if (isOpen(name)) {
      const access = this.#access;
      const describe = () => describeInterface({ needsTokens: access.asksForTokens, cookie: Cookies.nameOf(context) });
      return await this.#answerOpen({ ...matched, name, contract: OPEN_ENDPOINTS[name], access, describe });
    }
    const { served, grant } = await this.#admit(context, repository, pathname);
    if (served === undefined) throw new HttpError(404, "there is no such repository");
    const sender = { caller: grant, grant, client, gone, sent };
    const contract = GUARDED_ENDPOINTS[name];
    const services = this.#services;
    return await this.#answerGuarded({ ...matched, ...sender, name, contract, served, files: served.files, services });
  }

  /** The repository that is meant, and what the client may do with it. */
  async #admit(
    context: RequestContext,
    repository: string | undefined,
    pathname: string,
  ): Promise<{ readonly served: ServedRepository | undefined; readonly grant: Grant }> {
    const served = repository === undefined ? this.#served[0] : this.#byName.get(repository);
    // What belongs to no repository is for all who may use one.
    const isOfOne = pathname.startsWith("/api/v1") && served !== undefined;
    return { served, grant: await this.#access.authorize(context, isOfOne ? served.tokens : undefined) };
  }

  #liveQueriesOf(served: ServedRepository): LiveQueryBroker {
    let queries = this.#liveQueries.get(served);
    if (queries === undefined) this.#liveQueries.set(served, queries = liveQueriesOf(this.#livePool, served));
    return queries;
  }
}
