import type { JsonObject } from "../base/json.ts";
import { VERSION } from "../base/version.ts";
import { kindOfName } from "../format/kinds.ts";
import { Access, type AccessOptions, checkRight, checkToken } from "./access.ts";
import { jsonAnswer, textAnswer } from "./answers.ts";
import type { AskLimits } from "./ask.ts";
import { BulkWork } from "./bulk_work.ts";
import { Cookies } from "./cookies.ts";
import { events } from "./event_routes.ts";
import { refuseOtherSites } from "./fetch_site.ts";
import { ExperimentRoutes } from "./experiment_routes.ts";
import { type Grant, until } from "./grants.ts";
import { HiddenPaths } from "./hidden_paths.ts";
import { ingest } from "./ingest.ts";
import { KnownTokens } from "./known_tokens.ts";
import { live, liveHubOf } from "./live_routes.ts";
import type { LiveHub } from "../live/hub.ts";
import { Metrics } from "./metrics.ts";
import { objects } from "./object_routes.ts";
import { openApi } from "./openapi.ts";
import { HOME_SCRIPT, homePage, LOGIN_PAGE, LOGIN_SCRIPT, PAGE_POLICY } from "./pages.ts";
import type { StartHelper } from "./query_helper.ts";
import { QueryPool } from "./query_pool.ts";
import { answerList, answerQuery, answerSchema, answerSeries } from "./query_routes.ts";
import { garbled, isUnexpected, Refusal, refuse } from "./refusal.ts";
import { jsonBody, STRANGER_BODY, textOf } from "./request_body.ts";
import { CHECK_HEADER, isIntact } from "../store/remote/integrity.ts";
import type { Right } from "./roles.ts";
import type { Asked } from "./serve.ts";
import { Served, type ServedOptions } from "./served.ts";
import type { TokenFile } from "./tokens.ts";

/** What a server offers, and to whom. */
export interface AppOptions extends AccessOptions {
  /** The first one is also at `/api/v1`. */
  readonly repositories: readonly ServedOptions[];
  /** Tokens that open all repositories, instead of those of each one. */
  readonly tokens?: TokenFile;
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
const SAFE: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Methods that are known. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

/** An experiment that was asked for, and the headers of the answer, which hardly ever change. */
interface Quick {
  readonly routes: ExperimentRoutes;
  readonly id: string;
  headers: [string, string][];
  etag: string;
}

/** Headers of JSON that a browser does not show. */
const QUICK: readonly [string, string][] = [
  ["content-type", "application/json"],
  ["cache-control", "no-cache"],
  ["x-content-type-options", "nosniff"],
];

/** Answers requests: repositories, queries, live queries, ingest, synchronisation. `lib/server/API.md` tells of the routes. */
export class App {
  readonly metrics = new Metrics();
  readonly #hidden: HiddenPaths;
  readonly #served: readonly Served[];
  readonly #byName: ReadonlyMap<string, Served>;
  readonly #routes = new Map<Served, ExperimentRoutes>();
  readonly #hubs = new Map<Served, LiveHub>();
  readonly #access: Access;
  readonly #tokensOf: (served: Served) => readonly KnownTokens[];
  readonly #pool: QueryPool;
  readonly #livePool: QueryPool;
  readonly #bulk = new BulkWork();
  readonly #ended = new AbortController();

  constructor(readonly options: AppOptions) {
    this.#hidden = new HiddenPaths(options.repositories.flatMap(({ name, store, folder }) => [
      { path: store.location, name },
      ...folder === undefined ? [] : [{ path: folder, name: "its index" }],
    ]));
    const { hide } = this.#hidden;
    this.#served = options.repositories.map((one, at) =>
      new Served({ ...one, onError: options.onError, hide }, at, this.#bulk)
    );
    this.#byName = new Map(this.#served.map((one) => [one.name, one]));
    const shared = options.tokens === undefined ? undefined : new KnownTokens(options.tokens, options.onError);
    this.#tokensOf = (served) => (shared === undefined ? served.tokens : [shared]);
    this.#access = new Access(options, shared === undefined ? this.#served.flatMap(({ tokens }) => tokens) : [shared]);
    const asked = options.repositories.map(({ name, store, folder }) => ({ name, path: store.location, folder }));
    const { limits, helpers, startHelper: start, onError } = options;
    this.#pool = new QueryPool({ repositories: asked, limits, start, helpers, onError });
    this.#livePool = new QueryPool({ repositories: asked, start, helpers: 1, waiting: 1000, onError });
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

  /** Whose a request is; undefined for a stranger's. */
  readonly whose = (asked: Asked, address: string): string | undefined => this.#access.whose(asked, address);

  /** Answers a request; never rejects. */
  readonly handle = async (asked: Asked): Promise<Response> => {
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
    for (const name in SAFE) if (!response.headers.has(name)) response.headers.set(name, SAFE[name]);
    const origin = this.options.cors === undefined ? undefined : this.#access.crossOrigin(request);
    if (origin !== undefined) {
      response.headers.set("access-control-allow-origin", origin);
      response.headers.append("vary", "origin");
      response.headers.set("cross-origin-resource-policy", "cross-origin");
    }
    this.metrics.request(request.method, response.status, performance.now() - start);
    return response;
  };

  /** Experiments that were asked for lately, by the whole URL: whoever may ask so again is answered at once. */
  readonly #quick = new Map<string, Quick>();

  /** The answer to a small question that was answered just now, where nothing has to be decided about who asks. */
  readonly quick = (request: Request): Response | undefined => {
    if (request.method !== "GET") return undefined;
    const known = this.#quick.get(request.url);
    if (known === undefined || this.#access.asksForTokens) return undefined;
    const { headers } = request;
    if (headers.get("origin") !== null || headers.get("if-none-match") !== null) return undefined;
    if (headers.get("sec-fetch-site") !== null) return undefined;
    const kept = known.routes.remembered(known.id, performance.now());
    if (kept === undefined) return undefined;
    this.metrics.quick++;
    if (known.etag !== kept.etag) {
      known.etag = kept.etag;
      known.headers = [...QUICK, ["etag", kept.etag]];
    }
    return new Response(kept.text, { headers: known.headers });
  };

  async #answer(asked: Asked): Promise<Response> {
    const { request, url } = asked;
    if (!METHODS.includes(request.method)) {
      throw new Refusal(405, "this method is not offered here", { allow: METHODS.join(", ") });
    }
    if (this.#access.crossOrigin(request) === undefined) refuseOtherSites(request, url.pathname);
    if (!isIntact(request)) throw garbled();
    if (request.method === "OPTIONS" && this.#access.crossOrigin(request) !== undefined) {
      const headers = {
        "access-control-allow-methods": "GET, HEAD, POST, PUT",
        "access-control-allow-headers":
          "authorization, content-digest, content-encoding, content-type, dbx-check, last-event-id, range",
        "access-control-max-age": "600",
      };
      return new Response(null, { status: 204, headers });
    }
    const open = await this.#open(asked);
    if (open !== undefined) return open;
    const at = /^(?:\/repos\/([^/]+))?\/api\/v1(?:\/(.*))?$/.exec(url.pathname);
    const served = at === null || at[1] === undefined ? this.#served[0] : this.#byName.get(decode(at[1]));
    // What belongs to no repository is for all who may use one.
    const known = at === null || served === undefined ? undefined : this.#tokensOf(served);
    const grant = await this.#access.admit(asked, known);
    if (url.pathname === "/metrics") return this.#metrics();
    if (url.pathname === "/") return page(homePage(this.#access.asksForTokens));
    if (at === null) throw new Refusal(404, "there is no such route");
    if (served === undefined) throw new Refusal(404, "there is no such repository");
    if (grant.signal === undefined) return await this.#route(asked, served, at[2] ?? "", grant);
    return await this.#whileGranted(asked, served, at[2] ?? "", grant, grant.signal);
  }

  /** Answers a request as long as its token is there: its body is read no further, and its answer breaks off, when it goes. */
  async #whileGranted(
    asked: Asked,
    served: Served,
    path: string,
    grant: Grant,
    signal: AbortSignal,
  ): Promise<Response> {
    let { request } = asked;
    if (request.body !== null) {
      // Not made of the request itself: the runtime warns of whoever listens to its signal.
      const { method, headers } = request;
      request = new Request(request.url, { method, headers, body: until(signal, request.body) });
    }
    const response = await this.#route({ ...asked, request }, served, path, grant);
    // What has a digest is all there already.
    if (response.body === null || response.headers.has("content-digest")) return response;
    return new Response(until(signal, response.body), { status: response.status, headers: response.headers });
  }

  /** What needs no token. */
  async #open(asked: Asked): Promise<Response | undefined> {
    const { request, url, address } = asked;
    switch (url.pathname) {
      case "/healthz":
        return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
      case "/api/v1/openapi.json":
        return await jsonAnswer(request, openApi());
      case "/login":
        return page(LOGIN_PAGE);
      case "/login.js":
        return await textAnswer(request, LOGIN_SCRIPT, { type: "text/javascript" });
      case "/home.js":
        return await textAnswer(request, HOME_SCRIPT, { type: "text/javascript" });
      case "/api/v1/session": {
        if (request.method !== "POST" && request.method !== "DELETE") {
          throw new Refusal(405, "this method is not offered here", { allow: "POST, DELETE" });
        }
        this.#access.checkOrigin(asked);
        if (request.method === "DELETE") {
          return new Response(null, { status: 204, headers: { "set-cookie": Cookies.removing(asked) } });
        }
        const token = checkToken(textOf(await jsonBody(request, STRANGER_BODY), "token") ?? "");
        if (!this.#access.asksForTokens) return new Response(null, { status: 204 });
        // It is checked as any other, and costs what a wrong one costs.
        await this.#access.admitToken(token, address);
        return new Response(null, { status: 204, headers: { "set-cookie": Cookies.setting(asked, token) } });
      }
    }
  }

  async #route(asked: Asked, served: Served, path: string, grant: Grant): Promise<Response> {
    const { request, url, client, gone } = asked;
    const asking = { caller: grant, client, gone };
    const { method } = request;
    const isRead = method === "GET" || method === "HEAD";
    const [group = "", id, part, last, ...more] = path.split("/").map(decode);
    if (group === "files" || group === "sync") {
      const inside = new URL(`/api/v1/${path}${url.search}`, url);
      if (inside.href === url.href) return await served.sync(request, asking);
      const passed = new Request(inside, request);
      passed.headers.delete(CHECK_HEADER); // It is of the address that was asked for, and was compared.
      return await served.sync(passed, asking);
    }
    if (more.length > 0) throw new Refusal(404, "there is no such route");
    const write = (needed: Right = "write") => {
      if (method !== "POST" && method !== "PUT") {
        throw new Refusal(405, "this method is not offered here", { allow: "POST" });
      }
      if (served.readOnly) throw new Refusal(403, "it is open for reading only");
      checkRight(grant, needed);
    };
    const routes = this.#experiments(served);
    switch (
      `${group}${id === undefined ? "" : "/*"}${part === undefined ? "" : `/${part}`}${last === undefined ? "" : "/*"}`
    ) {
      case "":
        return await jsonAnswer(request, await this.#about(served, grant));
      case "query":
        if (!isRead && method !== "POST") break;
        return await answerQuery(this.#pool, [served], asked);
      case "series":
        if (!isRead) break;
        return await answerSeries(this.#pool, served, asked);
      case "schema":
        if (!isRead) break;
        return await answerSchema(this.#pool, served, asked);
      case "live":
        if (!isRead && method !== "POST") break;
        return await live(this.#hub(served), asked, this.#ended.signal);
      case "experiments":
        if (isRead) return await answerQuery(this.#pool, [served], withList(asked));
        write();
        return await routes.make(request);
      case "experiments/*":
        if (!isRead) break;
        if (this.#quick.size >= 4096) this.#quick.clear();
        if (!this.#quick.has(request.url)) this.#quick.set(request.url, { routes, id, headers: [], etag: "" });
        return await routes.show(request, id);
      case "experiments/*/runs":
        write();
        return await routes.makeRun(request, id);
      case "experiments/*/notes":
        write();
        return await routes.note(request, id, grant);
      case "experiments/*/requests":
        if (!isRead) break;
        return await routes.requests(request, id);
      case "list":
        if (!isRead) break;
        return await answerList(this.#pool, served, asked);
      case "find":
        if (!isRead) break;
        return await routes.find(request, url);
      case "runs/*":
        if (!isRead) break;
        return await routes.showRun(request, id);
      case "runs/*/logs/*": {
        const run = await (await served.places()).run(id);
        if (isRead) return await events(served, run, last, request, url.searchParams, this.#ended.signal);
        write();
        return await ingest(served, run, last, request, url.searchParams, this.metrics, grant);
      }
      case "objects/*":
        if (!isRead) write();
        return await objects(served, request, url, id, asking);
      case "flush": {
        write();
        const { files } = await jsonBody(request);
        if (!Array.isArray(files) || files.length > 10_000) throw new Refusal(400, `"files" is no list of names`);
        const names = files.map((name) => {
          if (typeof name !== "string" || kindOfName(name) === undefined) throw new Refusal(400, "a name of no file");
          return served.store.path(name);
        });
        served.extender.flush(names);
        return new Response(null, { status: 204 });
      }
      default:
        throw new Refusal(404, "there is no such route");
    }
    throw new Refusal(405, "this method is not offered here", { allow: "GET, HEAD" });
  }

  async #about(asked: Served, { role, name, token }: Grant): Promise<unknown> {
    // Those that the token opens, and no others.
    const opened = this.#served.filter((served) =>
      token === "" || this.#access.grantOf(token, this.#tokensOf(served)) !== undefined
    );
    const repositories = await Promise.all(opened.map((served) => this.#aboutOne(served)));
    return {
      dbx: VERSION,
      role,
      ...(name !== undefined && { token: name }),
      repository: await this.#aboutOne(asked),
      repositories,
    };
  }

  async #aboutOne(served: Served): Promise<JsonObject> {
    const repository = await served.repository().catch(() => undefined);
    return {
      name: served.name,
      at: `/repos/${encodeURIComponent(served.name)}/api/v1`,
      ...(repository?.id !== undefined && { id: repository.id }),
      ...(repository !== undefined && { version: repository.version }),
      readOnly: served.readOnly,
    };
  }

  #metrics(): Response {
    const { active, waiting } = this.#pool.load;
    const hubs = [...this.#hubs.values()];
    const sum = (of: (hub: LiveHub) => number) => hubs.reduce((all, hub) => all + of(hub), 0);
    const { rss, heapUsed } = Deno.memoryUsage();
    const text = this.metrics.text({
      dbx_queries_active: [active, "Queries that are worked on."],
      dbx_queries_waiting: [waiting, "Queries that wait for a thread."],
      dbx_live_followers: [sum((hub) => hub.followers), "Followers of live queries."],
      dbx_live_queries: [sum((hub) => hub.queries), "Different live queries."],
      process_resident_memory_bytes: [rss, "Resident memory."],
      dbx_heap_used_bytes: [heapUsed, "Heap of the main thread."],
    });
    return new Response(text, {
      headers: { "content-type": "text/plain; version=0.0.4", "cache-control": "no-store" },
    });
  }

  #experiments(served: Served): ExperimentRoutes {
    let routes = this.#routes.get(served);
    if (routes === undefined) this.#routes.set(served, routes = new ExperimentRoutes(served));
    return routes;
  }

  #hub(served: Served): LiveHub {
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

/** A list of experiments is a query. */
function withList(asked: Asked): Asked {
  const url = new URL(asked.url);
  const search = url.searchParams;
  if (!search.has("cols")) search.set("cols", "id,name,kind,status,created_at,runs,tags,params");
  if (!search.has("sort")) search.set("sort", "-created_at");
  return { ...asked, url };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, "a name that is badly encoded");
  }
}

function page(html: string): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-cache",
  };
  return new Response(html, { headers });
}
