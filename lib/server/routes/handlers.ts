import { jsonAnswer } from "../http/responses.ts";
import { jsonOf } from "../api/body.ts";
import type { GuardedOperation } from "../api/operations.ts";
import { events } from "./events.ts";
import type { ExperimentRoutes } from "./experiments.ts";
import type { Grant } from "../access/grants.ts";
import { ingest } from "./ingest.ts";
import { live } from "./live.ts";
import type { LiveQueryBroker } from "../../live/live_query_broker.ts";
import type { Metrics } from "./metrics.ts";
import { objects } from "./objects.ts";
import { homePage, page } from "./pages.ts";
import type { QueryPool } from "../pool/query_pool.ts";
import { answerList, answerQuery, answerSchema, answerSeries } from "./queries.ts";
import type { RequestContext } from "../listen/types.ts";
import type { ServedRepository } from "../repository/served_repository.ts";
import { CHECK_HEADER } from "../../protocol/integrity.ts";

/** What a server has for the handlers of requests. */
export interface Services {
  readonly pool: QueryPool;
  readonly metrics: Metrics;
  /** Aborts when the server stops. */
  readonly ended: AbortSignal;
  readonly needsTokens: boolean;
  routes(served: ServedRepository): ExperimentRoutes;
  hub(served: ServedRepository): LiveQueryBroker;
  about(served: ServedRepository, grant: Grant): Promise<unknown>;
  metricsAnswer(): Response;
  /** Has an experiment that was asked for answered quickly, as long as it stays as it is. */
  remember(url: string, routes: ExperimentRoutes, id: string): void;
}

/** A request of somebody who was let in, about one repository. Its path and its query string are as its operation says. */
export interface Call {
  readonly asked: RequestContext;
  readonly served: ServedRepository;
  readonly grant: Grant;
  /** The parts of the path that are parameters. */
  readonly path: Readonly<Record<string, string>>;
  readonly services: Services;
}

type Handler = (call: Call) => Promise<Response> | Response;

/** The handlers of operations that somebody must be let in for. */
export const HANDLERS: Readonly<Record<GuardedOperation, Handler>> = {
  about: async ({ asked, served, grant, services }) =>
    await jsonAnswer(asked.request, await services.about(served, grant)),
  metrics: ({ services }) => services.metricsAnswer(),
  home: ({ services }) => page(homePage(services.needsTokens)),

  make_experiment: ({ asked, served, services, grant }) => services.routes(served).make(asked.request, grant),
  show_experiment({ asked: { request }, served, path, services }) {
    const routes = services.routes(served);
    services.remember(request.url, routes, path.exp);
    return routes.show(request, path.exp);
  },
  make_run: ({ asked, served, path, services, grant }) =>
    services.routes(served).makeRun(asked.request, path.exp, grant),
  note: ({ asked, served, path, services, grant }) => services.routes(served).note(asked.request, path.exp, grant),
  requests: ({ asked, served, path, services }) => services.routes(served).requests(asked.request, path.exp),
  find: ({ asked, served, services }) => services.routes(served).find(asked.request, asked.url),
  show_run: ({ asked, served, path, services }) => services.routes(served).showRun(asked.request, path.run),
  read_log: async ({ asked: { request, url }, served, path, services }) => {
    const run = await (await served.places()).run(path.run);
    return await events(served, run, path.log, request, url.searchParams, services.ended);
  },
  add_to_log: async ({ asked: { request, url }, served, path, services, grant }) => {
    const run = await (await served.places()).run(path.run);
    return await ingest(served, run, path.log, request, url.searchParams, services.metrics, grant);
  },

  experiments: ({ asked, served, services }) => answerQuery(services.pool, [served], withList(asked)),
  list: ({ asked, served, services }) => answerList(services.pool, served, asked),
  query: ({ asked, served, services }) => answerQuery(services.pool, [served], asked),
  query_by_body: ({ asked, served, services }) => answerQuery(services.pool, [served], asked),
  live: ({ asked, served, services }) => live(services.hub(served), asked, services.ended),
  live_by_body: ({ asked, served, services }) => live(services.hub(served), asked, services.ended),
  series: ({ asked, served, services }) => answerSeries(services.pool, served, asked),
  schema: ({ asked, served, services }) => answerSchema(services.pool, served, asked),

  read_object: ofObject,
  head_object: ofObject,
  send_object: ofObject,
  async flush({ asked: { request, gone }, served }) {
    const { files } = await jsonOf("flush", request);
    await served.extender.flush((files as string[]).map((name) => served.store.path(name)), gone);
    return new Response(null, { status: 204 });
  },

  list_all: synchronise,
  read_file: synchronise,
  head_file: synchronise,
  inventory: synchronise,
  prove: synchronise,
  give: synchronise,
  take: synchronise,
  settle: synchronise,
};

function ofObject({ asked: { request, url, client, gone, sent }, served, path, grant }: Call): Promise<Response> {
  return objects(served, request, url, path.sha256, { caller: grant, client, gone, sent });
}

/** The routes of synchronisation know one repository, at the top. */
function synchronise({ asked: { request, url, client, gone, sent }, served, grant }: Call): Promise<Response> {
  const asking = { caller: grant, client, gone, sent };
  const inside = new URL(url.pathname.replace(/^\/repos\/[^/]+(?=\/api\/v1\/)/, "") + url.search, url);
  if (inside.href === url.href) return served.sync(request, asking);
  const headers = new Headers(request.headers);
  headers.delete(CHECK_HEADER); // It is of the address that was asked for, and was compared.
  // Not made of the request itself: the runtime warns of whoever listens to its signal.
  return served.sync(new Request(inside, { method: request.method, headers, body: request.body }), asking);
}

/** A list of experiments is a query. */
function withList(asked: RequestContext): RequestContext {
  const url = new URL(asked.url);
  const search = url.searchParams;
  if (!search.has("cols")) search.set("cols", "id,name,kind,status,created_at,runs,tags,params");
  if (!search.has("sort")) search.set("sort", "-created_at");
  return { ...asked, url };
}
