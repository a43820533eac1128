// What answers each route. A new route begins with its row in `lib/protocol/route_table.ts`; here its handler is named.

import type { GuardedRoute, OpenRoute, RouteName } from "../../protocol/route_table.ts";
import type { Call, Endpoint, OpenCall, StoreCall } from "./call.ts";
import { experiments } from "./experiments/experiments.ts";
import { find } from "./experiments/find.ts";
import { list } from "./experiments/list.ts";
import { makeExperiment } from "./experiments/make_experiment.ts";
import { note } from "./experiments/note.ts";
import { requests } from "./experiments/requests.ts";
import { showExperiment } from "./experiments/show_experiment.ts";
import { headObject, readObject } from "./objects/read_object.ts";
import { sendObject } from "./objects/send_object.ts";
import { home, homeScript } from "./pages/home.ts";
import { loginPage, loginScript } from "./pages/login.ts";
import { live, liveByBody } from "./queries/live.ts";
import { query, queryByBody } from "./queries/query.ts";
import { schema } from "./queries/schema.ts";
import { series } from "./queries/series.ts";
import { addToLog } from "./runs/add_to_log.ts";
import { makeRun } from "./runs/make_run.ts";
import { readLog } from "./runs/read_log.ts";
import { showRun } from "./runs/show_run.ts";
import { about } from "./server/about.ts";
import { health } from "./server/health.ts";
import { metrics } from "./server/metrics.ts";
import { openapi } from "./server/openapi.ts";
import { login, logout } from "./server/session.ts";
import { headFile, listAll, readFile } from "./synchronisation/files.ts";
import { flush } from "./synchronisation/flush.ts";
import { give } from "./synchronisation/give.ts";
import { inventory } from "./synchronisation/inventory.ts";
import { prove } from "./synchronisation/prove.ts";
import { settle } from "./synchronisation/settle.ts";
import { take } from "./synchronisation/take.ts";

/** The routes about the files of a repository, which need no more of a server than its store. */
export const STORE_ENDPOINTS = {
  list_all: listAll,
  read_file: readFile,
  head_file: headFile,
  inventory,
  prove,
  give,
  take,
  settle,
} as const satisfies Partial<Record<RouteName, Endpoint<StoreCall>>>;

/** The routes that anybody may use. */
export const OPEN_ENDPOINTS: Readonly<Record<OpenRoute, Endpoint<OpenCall>>> = {
  openapi,
  login,
  logout,
  health,
  home_script: homeScript,
  login_page: loginPage,
  login_script: loginScript,
};

/** The routes of a client that was let in. */
export const GUARDED_ENDPOINTS: Readonly<Record<GuardedRoute, Endpoint<Call>>> = {
  about,
  metrics,
  home,
  experiments,
  list,
  find,
  make_experiment: makeExperiment,
  show_experiment: showExperiment,
  note,
  requests,
  make_run: makeRun,
  show_run: showRun,
  read_log: readLog,
  add_to_log: addToLog,
  query,
  query_by_body: queryByBody,
  live,
  live_by_body: liveByBody,
  series,
  schema,
  read_object: readObject,
  head_object: headObject,
  send_object: sendObject,
  flush,
  ...STORE_ENDPOINTS,
};
