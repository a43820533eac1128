import type { Right } from "./roles.ts";

/** Methods that routes have. `HEAD` goes with every `GET`; it has a row of its own where its answer has. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** One route of the interface, as server and client both know it. */
export interface Route {
  readonly method: Method;
  /** From the root of the server. `{exp}` stands for one part of a path, `{name}` for all the rest. */
  readonly path: string;
  /** The right that it takes; `open`: none, also where the server asks for tokens. */
  readonly right: Right | "open";
  readonly summary: string;
}

/** A row of the table. */
function row<const Path extends string, const Needed extends Right | "open">(
  method: Method,
  path: Path,
  right: Needed,
  summary: string,
): { readonly method: Method; readonly path: Path; readonly right: Needed; readonly summary: string } {
  return { method, path, right, summary };
}

/** The routes by subject. `lib/server/routes/` has what each one takes and answers, and its handler, under the same name. */
export const ROUTES_BY_SUBJECT = {
  server: {
    about: row("GET", "/api/v1", "read", "The repositories, and the role of the token."),
    openapi: row("GET", "/api/v1/openapi.json", "open", "The interface as an OpenAPI document."),
    login: row("POST", "/api/v1/session", "open", "Stores a token in a browser cookie."),
    logout: row("DELETE", "/api/v1/session", "open", "Removes that cookie."),
    health: row("GET", "/healthz", "open", "Whether the server answers."),
    metrics: row("GET", "/metrics", "read", "Metrics in Prometheus format."),
  },
  pages: {
    home: row("GET", "/", "read", "A page with links."),
    home_script: row("GET", "/home.js", "open", "The script of that page."),
    login_page: row("GET", "/login", "open", "A page that moves the token from its address into a cookie."),
    login_script: row("GET", "/login.js", "open", "The script of that page."),
  },
  experiments: {
    experiments: row("GET", "/api/v1/experiments", "read", "Experiments: a query with columns and order set."),
    list: row("GET", "/api/v1/list", "read", "Experiments as `dbx ls` lists them."),
    find: row("GET", "/api/v1/find", "read", "Where an experiment or a run is stored."),
    make_experiment: row("POST", "/api/v1/experiments", "write", "Creates an experiment."),
    show_experiment: row("GET", "/api/v1/experiments/{exp}", "read", "Definition, notes and runs of an experiment."),
    note: row("POST", "/api/v1/experiments/{exp}/notes", "write", "Adds a tag, a note, a deletion or a request."),
    requests: row("GET", "/api/v1/experiments/{exp}/requests", "read", "The requests to stop and start runs."),
  },
  runs: {
    make_run: row("POST", "/api/v1/experiments/{exp}/runs", "write", "Creates a run."),
    show_run: row("GET", "/api/v1/runs/{run}", "read", "Definition, status and logs of a run."),
    read_log: row("GET", "/api/v1/runs/{run}/logs/{log}", "read", "Events of a log, as lines or as a stream."),
    add_to_log: row("POST", "/api/v1/runs/{run}/logs/{log}", "write", "Appends events to a log."),
  },
  queries: {
    query: row("GET", "/api/v1/query", "read", "Answers a query."),
    query_by_body: row("POST", "/api/v1/query", "read", "The same as GET, with everything in the body."),
    live: row("GET", "/api/v1/live", "read", "A live query: server-sent events whenever the answer changes."),
    live_by_body: row("POST", "/api/v1/live", "read", "The same as GET, with the query in the body."),
    series: row("GET", "/api/v1/series", "read", "Curves, exact or reduced to a number of points."),
    schema: row("GET", "/api/v1/schema", "read", "The tables, their columns, and the keys of series."),
  },
  objects: {
    read_object: row("GET", "/api/v1/objects/{sha256}", "read", "The contents of an object, or a range of them."),
    head_object: row(
      "HEAD",
      "/api/v1/objects/{sha256}",
      "read",
      "Whether an object exists, or how much of it has arrived.",
    ),
    send_object: row("PUT", "/api/v1/objects/{sha256}", "write", "Uploads an object in one or several parts."),
  },
  synchronisation: {
    list_all: row("GET", "/api/v1/files/", "read", "The top-level entries of the repository."),
    read_file: row("GET", "/api/v1/files/{name}", "read", "A file of the repository, or the entries of a folder."),
    head_file: row("HEAD", "/api/v1/files/{name}", "read", "Type, size and time of a file or folder."),
    flush: row("POST", "/api/v1/flush", "write", "Flushes files to disk before it answers."),
    inventory: row("POST", "/api/v1/sync/inventory", "read", "The inventory of the repository, where it differs."),
    prove: row("POST", "/api/v1/sync/prove", "read", "Hashes of prefixes of files."),
    give: row("POST", "/api/v1/sync/give", "read", "The contents of many files."),
    take: row("POST", "/api/v1/sync/take", "write", "Receives the contents of many files."),
    settle: row("POST", "/api/v1/sync/settle", "write", "Sets the times of files that were proven equal."),
  },
} as const;

const { server, pages, experiments, runs, queries, objects, synchronisation } = ROUTES_BY_SUBJECT;

/** Every route, by its name. */
export const ROUTES = {
  ...server,
  ...pages,
  ...experiments,
  ...runs,
  ...queries,
  ...objects,
  ...synchronisation,
} as const satisfies Readonly<Record<string, Route>>;

/** The name of a route. */
export type RouteName = keyof typeof ROUTES;

/** Routes that anybody may use. */
export type OpenRoute = {
  [Name in RouteName]: (typeof ROUTES)[Name]["right"] extends "open" ? Name : never;
}[RouteName];

/** Routes that take a right. */
export type GuardedRoute = Exclude<RouteName, OpenRoute>;

/** The names of the parameters in a path. */
type ParametersIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersIn<Rest>
  : never;

/** The parameters in the path of a route. */
export type PathParameters<Name extends RouteName> = Readonly<
  Record<ParametersIn<(typeof ROUTES)[Name]["path"]>, string>
>;

/** The path of a route, with its parameters, encoded, in their places. */
export function pathOf<Name extends RouteName>(name: Name, parameters: PathParameters<Name>): string {
  const given: Readonly<Record<string, string>> = parameters;
  return ROUTES[name].path.replace(/\{(\w+)\}/g, (_, key: string) => {
    // A name of several parts keeps the slashes between them.
    return key === "name" ? given[key].split("/").map(encodeURIComponent).join("/") : encodeURIComponent(given[key]);
  });
}

/** Whether anybody may use a route. */
export function isOpen(name: RouteName): name is OpenRoute {
  return ROUTES[name].right === "open";
}
