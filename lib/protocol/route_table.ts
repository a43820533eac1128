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
  /** What the route is about: a group of routes. */
  readonly subject: string;
}

/**
 * The table of routes by subject: method, path, right, summary. What each one takes and answers, and its handler, are in
 * `lib/server/routes/`, in the folder of the subject.
 */
export const TABLE = {
  server: {
    about: ["GET", "/api/v1", "read", "The repositories, and the role of the token."],
    openapi: ["GET", "/api/v1/openapi.json", "open", "The interface as an OpenAPI document."],
    login: ["POST", "/api/v1/session", "open", "Stores a token in a browser cookie."],
    logout: ["DELETE", "/api/v1/session", "open", "Removes that cookie."],
    health: ["GET", "/healthz", "open", "Whether the server answers."],
    metrics: ["GET", "/metrics", "read", "Metrics in Prometheus format."],
  },
  pages: {
    home: ["GET", "/", "read", "A page with links."],
    home_script: ["GET", "/home.js", "open", "The script of that page."],
    login_page: ["GET", "/login", "open", "A page that moves the token from its address into a cookie."],
    login_script: ["GET", "/login.js", "open", "The script of that page."],
  },
  experiments: {
    experiments: ["GET", "/api/v1/experiments", "read", "Experiments: a query with columns and order set."],
    list: ["GET", "/api/v1/list", "read", "Experiments as `dbx ls` lists them."],
    find: ["GET", "/api/v1/find", "read", "Where an experiment or a run is stored."],
    make_experiment: ["POST", "/api/v1/experiments", "write", "Creates an experiment."],
    show_experiment: ["GET", "/api/v1/experiments/{exp}", "read", "Definition, notes and runs of an experiment."],
    note: ["POST", "/api/v1/experiments/{exp}/notes", "write", "Adds a tag, a note, a deletion or a request."],
    requests: ["GET", "/api/v1/experiments/{exp}/requests", "read", "The requests to stop and start runs."],
  },
  runs: {
    make_run: ["POST", "/api/v1/experiments/{exp}/runs", "write", "Creates a run."],
    show_run: ["GET", "/api/v1/runs/{run}", "read", "Definition, status and logs of a run."],
    read_log: ["GET", "/api/v1/runs/{run}/logs/{log}", "read", "Events of a log, as lines or as a stream."],
    add_to_log: ["POST", "/api/v1/runs/{run}/logs/{log}", "write", "Appends events to a log."],
  },
  queries: {
    query: ["GET", "/api/v1/query", "read", "Answers a query."],
    query_by_body: ["POST", "/api/v1/query", "read", "The same as GET, with everything in the body."],
    live: ["GET", "/api/v1/live", "read", "A live query: server-sent events whenever the answer changes."],
    live_by_body: ["POST", "/api/v1/live", "read", "The same as GET, with the query in the body."],
    series: ["GET", "/api/v1/series", "read", "Curves, exact or reduced to a number of points."],
    schema: ["GET", "/api/v1/schema", "read", "The tables, their columns, and the keys of series."],
  },
  objects: {
    read_object: ["GET", "/api/v1/objects/{sha256}", "read", "The contents of an object, or a range of them."],
    head_object: [
      "HEAD",
      "/api/v1/objects/{sha256}",
      "read",
      "Whether it exists, or how much of it has arrived.",
    ],
    send_object: ["PUT", "/api/v1/objects/{sha256}", "write", "Uploads an object in one or several parts."],
  },
  synchronisation: {
    list_all: ["GET", "/api/v1/files/", "read", "The top-level entries of the repository."],
    read_file: ["GET", "/api/v1/files/{name}", "read", "A file of the repository, or the entries of a folder."],
    head_file: ["HEAD", "/api/v1/files/{name}", "read", "Type, size and time of a file or folder."],
    flush: ["POST", "/api/v1/flush", "write", "Flushes files to disk before it answers."],
    inventory: ["POST", "/api/v1/sync/inventory", "read", "The inventory of the repository, where it differs."],
    prove: ["POST", "/api/v1/sync/prove", "read", "Hashes of prefixes of files."],
    give: ["POST", "/api/v1/sync/give", "read", "The contents of many files."],
    take: ["POST", "/api/v1/sync/take", "write", "Receives the contents of many files."],
    settle: ["POST", "/api/v1/sync/settle", "write", "Sets the times of files that were proven equal."],
  },
} as const;

type Table = typeof TABLE;

/** The name of a route. */
export type RouteName = { [Subject in keyof Table]: keyof Table[Subject] & string }[keyof Table];

/** The row of a route. */
type Row<Name extends RouteName> = {
  [Subject in keyof Table]: Name extends keyof Table[Subject] ? Table[Subject][Name] : never;
}[keyof Table];
type Path<Name extends RouteName> = Row<Name> extends readonly [Method, infer Path extends string, ...string[]] ? Path
  : never;
type Needed<Name extends RouteName> = Row<Name> extends readonly [Method, string, infer Needed, string] ? Needed
  : never;

/** Every route, by its name. */
export const ROUTES: Readonly<Record<RouteName, Route>> = Object.fromEntries(
  Object.entries(TABLE).flatMap(([subject, rows]) =>
    Object.entries<readonly [Method, string, Route["right"], string]>(rows).map((
      [name, [method, path, right, summary]],
    ) => [name, { subject, method, path, right, summary }])
  ),
) as Record<RouteName, Route>;

/** Routes that anybody may use. */
export type OpenRoute = {
  [Name in RouteName]: Needed<Name> extends "open" ? Name : never;
}[RouteName];

/** Routes that take a right. */
export type GuardedRoute = Exclude<RouteName, OpenRoute>;

/** The names of the parameters in a path. */
type ParametersIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersIn<Rest>
  : never;

/** The parameters in the path of a route. */
export type PathParameters<Name extends RouteName> = Readonly<
  Record<ParametersIn<Path<Name>>, string>
>;

/** Routes whose path has no parameters. */
export type PlainRoute = {
  [Name in RouteName]: [ParametersIn<Path<Name>>] extends [never] ? Name : never;
}[RouteName];

/** Where a request goes. */
export interface Target {
  readonly method: Method;
  /** From the root of the server, encoded. */
  readonly path: string;
}

/** Where a request for a route goes whose path has parameters. */
export function routeTo<Name extends RouteName>(name: Name, parameters: PathParameters<Name>): Target {
  const given: Readonly<Record<string, string>> = parameters;
  const path = ROUTES[name].path.replace(/\{(\w+)\}/g, (_, key: string) => {
    // A name of several parts keeps the slashes between them.
    return key === "name" ? given[key].split("/").map(encodeURIComponent).join("/") : encodeURIComponent(given[key]);
  });
  return { method: ROUTES[name].method, path };
}

/** Whether anybody may use a route. */
export function isOpen(name: RouteName): name is OpenRoute {
  return ROUTES[name].right === "open";
}
