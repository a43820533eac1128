import { aboutServer, metricsAnswer } from "./routes/about.ts";
import { Access, type AccessOptions, checkRight } from "./access/access.ts";
import { checkArguments } from "./api/arguments.ts";
import { checkMediaType } from "./api/body.ts";
import { isOpen } from "./api/operations.ts";
import { methodsAt, placeOf, type Route, routeOf } from "./api/route.ts";
import type { AskLimits } from "./pool/messages.ts";
import { BulkWork } from "./listen/bulk_work.ts";
import { refuseOtherSites } from "./access/fetch_site.ts";
import { ExperimentRoutes } from "./routes/experiments.ts";
import { type Grant, until } from "./access/grants.ts";
import { HANDLERS, type Services } from "./routes/handlers.ts";
import { HiddenPaths } from "./http/hidden_paths.ts";
import { TokenCache } from "./access/token_cache.ts";
import { liveHubOf } from "./routes/live.ts";
import type { LiveQueryBroker } from "../live/live_query_broker.ts";
import { Metrics } from "./routes/metrics.ts";
import { OPEN_HANDLERS } from "./routes/open_handlers.ts";
import type { StartHelper } from "./pool/query_helper.ts";
import { QueryPool } from "./pool/query_pool.ts";
import { QuickAnswers } from "./routes/cached_experiments.ts";
import { garbled, HttpError, isUnexpected, refuse } from "./http/http_error.ts";
import { isIntact } from "../protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../protocol/version.ts";
import { checkProtocol } from "./http/protocol_version.ts";
import type { RequestContext, Requester } from "./listen/types.ts";
import { type ServedOptions, ServedRepository } from "./repository/served_repository.ts";
import type { TokenFile } from "./access/tokens.ts";
import type { TokenLimits } from "./access/token_limits.ts";

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
  /** Told of what a client is not told. */
  readonly onError?: (message: string) => void;
}

/** Headers that every answer has. */
const COMMON: Readonly<Record<string, string>> = {
  [PROTOCOL_HEADER]: PROTOCOL,
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Methods that are known. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

/** What browsers are told who ask whether a page of an allowed origin may ask. */
const PREFLIGHT: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
  "access-control-allow-headers":
    "authorization, content-digest, content-encoding, content-type, dbx-check, dbx-protocol, last-event-id, range",
  "access-control-max-age": "600",
};

/** Answers requests: repositories, queries, live queries, ingest, synchronisation. `lib/docs/API.md` tells of the routes. */
export class App {
  readonly metrics = new Metrics();
  readonly #hidden: HiddenPaths;
  readonly #served: readonly ServedRepository[];
  readonly #byName: ReadonlyMap<string, ServedRepository>;
  readonly #routes = new Map<ServedRepository, ExperimentRoutes>();
  readonly #hubs = new Map<ServedRepository, LiveQueryBroker>();
  readonly #access: Access;
  readonly #pool: QueryPool;
  readonly #livePool: QueryPool;
  readonly #bulk = new BulkWork();
  readonly #ended = new AbortController();
  readonly #services: Services;
  readonly #quick: QuickAnswers;

  constructor(readonly options: AppOptions) {
    this.#hidden = new HiddenPaths(options.repositories.flatMap(({ name, store, folder }) => [
      { path: store.location, name },
      ...folder === undefined ? [] : [{ path: folder, name: "its index" }],
    ]));
    const { hide } = this.#hidden;
    const { tokens, quotas } = options;
    const shared = tokens === undefined ? undefined : new TokenCache(tokens, options.onError);
    this.#served = options.repositories.map((one, at) =>
      new ServedRepository({ ...one, limits: quotas, shared, onError: options.onError, hide }, at, this.#bulk)
    );
    this.#byName = new Map(this.#served.map((one) => [one.name, one]));
    this.#access = new Access(options, [...new Set(this.#served.flatMap(({ tokens }) => tokens))]);
    const asked = options.repositories.map(({ name, store, folder }) => ({ name, path: store.location, folder }));
    const { limits, helpers, startHelper: start, onError } = options;
    this.#pool = new QueryPool({ repositories: asked, limits, start, helpers, onError });
    this.#livePool = new QueryPool({ repositories: asked, start, helpers: 1, waiting: 1000, onError });
    this.#quick = new QuickAnswers(this.#access, this.metrics);
    this.#services = this.#makeServices();
  }

  /** Makes ready what the first query needs. */
  warm(): void {
    this.#pool.warm();
  }

  /** Streams end, and nothing new is taken up. */
  stop(): void {
    this.#ended.abort();
    this.#bulk.stop();
    for (const hub of this.#hubs.values()) hub.close();
    this.#pool.close();
    this.#livePool.close();
  }

  /** Closes what is open, when all requests have ended. */
  [Symbol.dispose](): void {
    this.stop();
    this.#access[Symbol.dispose]();
    for (const one of this.#served) one[Symbol.dispose]();
  }

  /** Requester a request is; undefined for a stranger's. */
  readonly whose = (asked: RequestContext, address: string): Requester | undefined =>
    this.#access.whose(asked, address);

  /** The answer to a small question that was answered just now, where nothing has to be decided about who asks. */
  readonly quick = (request: Request): Response | undefined => this.#quick.answer(request);

  /** Answers a request; never rejects. */
  readonly handle = async (asked: RequestContext): Promise<Response> => {
    const start = performance.now();
    const { request } = asked;
    let response: Response;
    try {
      response = await this.#answer(asked);
    } catch (error) {
      const unexpected = isUnexpected(error);
      if (unexpected !== undefined) this.options.onError?.(unexpected);
      response = refuse(this.#withoutPaths(error));
    }
    for (const name in COMMON) if (!response.headers.has(name)) response.headers.set(name, COMMON[name]);
    const origin = this.options.cors === undefined ? undefined : this.#access.crossOrigin(request);
    if (origin !== undefined) {
      response.headers.set("access-control-allow-origin", origin);
      response.headers.append("vary", "origin");
      response.headers.set("cross-origin-resource-policy", "cross-origin");
    }
    this.metrics.request(request.method, response.status, performance.now() - start);
    return response;
  };

  async #answer(asked: RequestContext): Promise<Response> {
    const { request, url } = asked;
    const { repository, pathname } = placeOf(url);
    if (!METHODS.includes(request.method)) {
      throw new HttpError(405, "this method is not offered here", { allow: allowedAt(pathname) });
    }
    const isAllowedOrigin = this.#access.crossOrigin(request) !== undefined;
    if (!isAllowedOrigin) refuseOtherSites(request, url.pathname);
    checkProtocol(request.headers);
    if (!isIntact(request)) throw garbled();
    if (request.method === "OPTIONS") {
      const allow = allowedAt(pathname);
      return new Response(null, { status: 204, headers: isAllowedOrigin ? { allow, ...PREFLIGHT } : { allow } });
    }
    let route: Route | undefined;
    let missing: unknown;
    try {
      route = routeOf(request.method, pathname);
    } catch (error) {
      missing = error; // Strangers are not told.
    }
    if (route !== undefined && isOpen(route.name)) {
      checkRequest(route, asked);
      return await OPEN_HANDLERS[route.name](asked, this.#access);
    }
    const served = repository === undefined ? this.#served[0] : this.#byName.get(repository);
    // What belongs to no repository is for all who may use one.
    const isOfOne = pathname.startsWith("/api/v1") && served !== undefined;
    const grant = await this.#access.authorize(asked, isOfOne ? served.tokens : undefined);
    if (route === undefined) throw missing;
    if (served === undefined) throw new HttpError(404, "there is no such repository");
    if (grant.signal === undefined) return await this.#call(route, asked, served, grant);
    return await this.#whileGranted(route, asked, served, grant, grant.signal);
  }

  /** Answers a request as long as its token is there: its body is read no further, and its answer breaks off, when it goes. */
  async #whileGranted(
    route: Route,
    asked: RequestContext,
    served: ServedRepository,
    grant: Grant,
    signal: AbortSignal,
  ): Promise<Response> {
    let { request } = asked;
    if (request.body !== null) {
      // Not made of the request itself: the runtime warns of whoever listens to its signal.
      const { method, headers } = request;
      request = new Request(request.url, { method, headers, body: until(signal, request.body) });
    }
    const response = await this.#call(route, { ...asked, request }, served, grant);
    // What has a digest is all there already.
    if (response.headers.has("content-digest") || response.body === null) return response;
    return new Response(until(signal, response.body), { status: response.status, headers: response.headers });
  }

  async #call(route: Route, asked: RequestContext, served: ServedRepository, grant: Grant): Promise<Response> {
    const { name, operation: { right }, path } = route;
    if (right !== "open") checkRight(grant, right);
    if (right !== "read" && served.readOnly) throw new HttpError(403, "it is read-only");
    checkRequest(route, asked);
    if (right !== "read") served.writes.admit(grant);
    if (isOpen(name)) throw new Error("it was answered before anybody was let in");
    const call = { asked, served, grant, path, services: this.#services };
    const response = await this.#bulk.withBody(asked, () => HANDLERS[name](call));
    if (asked.request.method !== "HEAD" || response.body === null) return response;
    await response.body.cancel(); // Nobody reads it.
    return new Response(null, { status: response.status, headers: response.headers });
  }

  #makeServices(): Services {
    const needsTokens = () => this.#access.asksForTokens;
    return {
      pool: this.#pool,
      metrics: this.metrics,
      ended: this.#ended.signal,
      get needsTokens() {
        return needsTokens();
      },
      routes: (served) => this.#experiments(served),
      hub: (served) => this.#hub(served),
      about: (served, grant) => aboutServer(this.#served, this.#access, served, grant),
      metricsAnswer: () => metricsAnswer(this.metrics, this.#pool, [...this.#hubs.values()], this.#served),
      remember: (url, routes, id) => this.#quick.remember(url, routes, id),
    };
  }

  #experiments(served: ServedRepository): ExperimentRoutes {
    let routes = this.#routes.get(served);
    if (routes === undefined) this.#routes.set(served, routes = new ExperimentRoutes(served));
    return routes;
  }

  #hub(served: ServedRepository): LiveQueryBroker {
    let hub = this.#hubs.get(served);
    if (hub === undefined) this.#hubs.set(served, hub = liveHubOf(this.#livePool, served));
    return hub;
  }

  /** Where repositories lie on this machine is nobody's business. */
  #withoutPaths(error: unknown): unknown {
    if (error instanceof Error) error.message = this.#hidden.hide(error.message);
    return error;
  }
}

function allowedAt(pathname: string): string {
  const methods = methodsAt(pathname);
  return (methods.length > 0 ? methods : METHODS).join(", ");
}

function checkRequest({ name, operation, path }: Route, { request, url }: RequestContext): void {
  checkArguments(operation, path, url.searchParams, request.headers);
  checkMediaType(name, request.headers);
}
