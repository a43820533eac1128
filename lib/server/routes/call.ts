import type { LiveQueryBroker } from "../../live/live_query_broker.ts";
import type { GuardedRoute, OpenRoute, RouteName } from "../../protocol/route_table.ts";
import type { Access } from "../access/access.ts";
import type { Grant } from "../access/grants.ts";
import type { Caller } from "../access/roles.ts";
import type { Contract } from "../api/contract.ts";
import type { Incoming } from "../http/incoming.ts";
import type { Metrics } from "../http/metrics.ts";
import type { RequestContext } from "../listen/types.ts";
import type { QueryPool } from "../pool/query_pool.ts";
import type { ServedFiles } from "../repository/served_files.ts";
import type { ServedRepository } from "../repository/served_repository.ts";
import type { RecentExperiments } from "./experiments/recent_experiments.ts";

/** A request whose route is found. */
export interface Matched {
  readonly name: RouteName;
  readonly contract: Contract;
  readonly request: Incoming;
  readonly url: URL;
  /** The parts of the path that are parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

/** A request that anybody may send. */
export interface OpenCall extends Matched {
  readonly name: OpenRoute;
  readonly context: RequestContext;
  readonly access: Access;
  /** The interface as an OpenAPI document, for this address. */
  readonly describe: () => string;
}

/** A request about the files of one repository, of a client that was let in. */
export interface StoreCall extends Matched {
  readonly files: ServedFiles;
  readonly caller: Caller;
  /** Whose the request is: work in bulk is bounded for each. */
  readonly client: string;
  /** Aborts when the client has left. */
  readonly gone?: AbortSignal;
  /** Resolves when the answer is sent, or cut. */
  readonly sent?: Promise<void>;
}

/** A request to a server about one of its repositories, of a client that was let in. */
export interface Call extends StoreCall {
  readonly name: GuardedRoute;
  readonly context: RequestContext;
  readonly served: ServedRepository;
  /** As `caller`, with the token that was shown. */
  readonly grant: Grant;
  readonly services: Services;
}

/** What a server has for all its routes. */
export interface Services {
  readonly served: readonly ServedRepository[];
  readonly access: Access;
  readonly pool: QueryPool;
  readonly metrics: Metrics;
  readonly recent: RecentExperiments;
  /** Aborts when the server stops. */
  readonly ended: AbortSignal;
  /** The live queries over a repository, and all that were asked for so far. */
  readonly liveQueries: (served: ServedRepository) => LiveQueryBroker;
  readonly allLiveQueries: () => readonly LiveQueryBroker[];
}

/** What a route takes and answers, and its handler. */
export interface Endpoint<Given extends Matched> extends Contract {
  readonly handle: (call: Given) => Promise<Response> | Response;
}
