import { VERSION } from "../base/version.ts";

/** A parameter: where it stands, what it is called, whether it must be there, and what it means. */
type Parameter = readonly [
  place: "path" | "query" | "header",
  name: string,
  type: "string" | "integer" | "boolean",
  help: string,
];

/** An operation of the interface. */
interface Operation {
  readonly path: string;
  readonly method: "get" | "post" | "put" | "head";
  readonly role: "read" | "write" | "control" | "admin";
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** The content type of the body, and what it holds. */
  readonly body?: readonly [type: string, help: string];
  /** Status, content type and meaning of the answer. */
  readonly answer: readonly [status: number, type: string | undefined, help: string];
  readonly tag: string;
}

const EXP: Parameter = ["path", "exp", "string", "an experiment's id, or the beginning of one"];
const RUN: Parameter = ["path", "run", "string", "a run's id, or the beginning of one"];
const LOG: Parameter = ["path", "log", "string", "the name of a log; the default one is `log`"];
const JSON_TYPE = "application/json";
const LINES = "application/jsonl";
const BYTES = "application/octet-stream";
/** Which experiments are meant: all that is said must be true. */
const MEANT: readonly Parameter[] = [
  ["query", "where", "string", "a condition on experiments, such as params.lr < 0.1 and min:loss < 1"],
  ["query", "kind", "string", "only this kind"],
  ["query", "name", "string", "only names like this glob"],
  ["query", "tag", "string", "only with this tag; may be repeated"],
  ["query", "status", "string", "only with this status of the newest run"],
  ["query", "since", "string", "only those made since: 2026-01-31, or 2d for two days ago"],
  ["query", "run", "string", "of this run alone, by its id or the beginning of it"],
];
const SHORTHAND: readonly Parameter[] = [
  ...MEANT,
  [
    "query",
    "cols",
    "string",
    "without sql: columns of experiments, separated by commas, such as id,params.lr,min:loss",
  ],
  ["query", "sort", "string", "without sql: a column; - before it turns the order round"],
  ["query", "limit", "integer", "without sql: rows at most"],
  ["query", "all", "boolean", "deleted experiments too"],
];
const ASKED: readonly Parameter[] = [
  [
    "query",
    "sql",
    "string",
    "a SELECT in SQLite's dialect over the tables that /schema lists; or, instead, any of the next",
  ],
  ["query", "param.NAME", "string", "the value of :NAME"],
  ...SHORTHAND,
];

/** Every operation. Tests hold this list against the routes. */
export const OPERATIONS: readonly Operation[] = [
  {
    path: "/",
    method: "get",
    role: "read",
    tag: "server",
    summary: "The repositories, and what the token may do.",
    answer: [200, JSON_TYPE, "`dbx`, `role`, `repository` (the one at this address), `repositories`"],
  },
  {
    path: "/experiments",
    method: "get",
    role: "read",
    tag: "experiments",
    summary: "A list of experiments: a query with columns and order set.",
    parameters: SHORTHAND,
    answer: [200, JSON_TYPE, "a list of objects"],
  },
  {
    path: "/experiments",
    method: "post",
    role: "write",
    tag: "experiments",
    summary: "Makes an experiment; with an id, once however often it is sent.",
    body: [JSON_TYPE, "`kind`, `name`, `params`, `id`, and any further keys"],
    answer: [201, JSON_TYPE, "`exp` and `folder`; 200 where it was there"],
  },
  {
    path: "/experiments/{exp}",
    method: "get",
    role: "read",
    tag: "experiments",
    summary: "An experiment: definition, notes, runs and how they are doing.",
    parameters: [EXP],
    answer: [200, JSON_TYPE, "the experiment"],
  },
  {
    path: "/experiments/{exp}/runs",
    method: "post",
    role: "write",
    tag: "experiments",
    summary: "Makes a run; with an id, once however often it is sent.",
    parameters: [EXP],
    body: [JSON_TYPE, "`id`, `cmd`, `pwd`, `hostname`, `env`, `git`, and any further keys"],
    answer: [201, JSON_TYPE, "`exp`, `run`, `folder`; 200 where it was there"],
  },
  {
    path: "/experiments/{exp}/notes",
    method: "post",
    role: "write",
    tag: "experiments",
    summary: "Adds a tag, a note, a deletion or a restoration; with the role control also a request to stop or start.",
    parameters: [EXP],
    body: [JSON_TYPE, "`event` (dbx/tag, dbx/note, dbx/delete, dbx/restore, dbx/command) and `data`"],
    answer: [204, undefined, "it is kept"],
  },
  {
    path: "/experiments/{exp}/requests",
    method: "get",
    role: "read",
    tag: "experiments",
    summary: "The requests to stop and start runs.",
    parameters: [EXP],
    answer: [200, JSON_TYPE, "`requests`"],
  },
  {
    path: "/list",
    method: "get",
    role: "read",
    tag: "experiments",
    summary: "Experiments as dbx ls lists them.",
    parameters: [
      ["query", "cols", "string", "columns, separated by commas"],
      ["query", "params", "integer", "without cols: how many of the params that differ, at most"],
      ["query", "sort", "string", "a column; - before it turns the order round"],
      ["query", "limit", "integer", "experiments at most"],
      ...MEANT,
      ["query", "all", "boolean", "deleted ones too"],
    ],
    answer: [200, JSON_TYPE, "`columns`, `rows` as objects, `of`, `remarks`, `problems`, `badLines`"],
  },
  {
    path: "/find",
    method: "get",
    role: "read",
    tag: "experiments",
    summary: "Where an experiment or a run is, with the definitions as they stand in the files.",
    parameters: [
      ["query", "id", "string", "an id or the beginning of one; <exp>/<run> for a run of one experiment"],
      ["query", "of", "string", "experiment (the default) or run; an experiment's id means its latest run"],
      ["query", "as", "string", "what an error calls the repository"],
    ],
    answer: [200, JSON_TYPE, "`experiment` and `run`: `folder` and `meta`, the text; the experiment's `version`"],
  },
  {
    path: "/runs/{run}",
    method: "get",
    role: "read",
    tag: "runs",
    summary: "A run: definition, how it is doing, its logs.",
    parameters: [RUN],
    answer: [200, JSON_TYPE, "the run"],
  },
  {
    path: "/runs/{run}/logs/{log}",
    method: "get",
    role: "read",
    tag: "runs",
    summary:
      "Events: whole lines as they stand in the log. As text/event-stream, one a message, whose id is the offset behind it.",
    parameters: [
      RUN,
      LOG,
      ["query", "offset", "integer", "bytes from the start of the log; the start of a line"],
      ["query", "limit", "integer", "lines at most"],
      ["query", "last", "integer", "so many of the last lines"],
      ["query", "follow", "boolean", "lines that come too, until the run ends"],
    ],
    answer: [200, LINES, "lines; the header dbx-size is where they end"],
  },
  {
    path: "/runs/{run}/logs/{log}",
    method: "post",
    role: "write",
    tag: "runs",
    summary:
      "Adds events. With an offset it may be repeated: what is there is passed over. Without, they go to the end, and get a time where they lack one.",
    parameters: [
      RUN,
      LOG,
      ["query", "offset", "integer", "bytes from the start of the log at which the lines belong"],
      ["query", "copy", "boolean", "the lines are a copy of a log, and are taken as they are"],
    ],
    body: [LINES, "an event a line: `event`, then `ts` (milliseconds), then data"],
    answer: [
      200,
      JSON_TYPE,
      "`size` of the log now, and `added` bytes; 416 with `size` where something is missing before",
    ],
  },
  {
    path: "/query",
    method: "get",
    role: "read",
    tag: "queries",
    summary: "Answers a query.",
    parameters: [
      ...ASKED,
      ["query", "format", "string", "json, jsonl, csv, tsv, markdown, or rows (exact, for another dbx)"],
      ["query", "explain", "boolean", "how it is answered, instead"],
      ["query", "max_ms", "integer", "milliseconds at most"],
      ["query", "max_rows", "integer", "rows at most"],
      ["query", "max_bytes", "integer", "bytes at most"],
    ],
    answer: [200, JSON_TYPE, "rows; 422 where it takes more than it may"],
  },
  {
    path: "/query",
    method: "post",
    role: "read",
    tag: "queries",
    summary: "The same, with everything in the body.",
    body: [
      JSON_TYPE,
      "`sql` and `params`, an object; or `where`, `tags`, a list, and so on; `format`, `all`, `explain`",
    ],
    answer: [200, JSON_TYPE, "rows"],
  },
  {
    path: "/live",
    method: "get",
    role: "read",
    tag: "queries",
    summary: "A query that keeps answering: server-sent events `answer` and `changes`.",
    parameters: [...ASKED, ["header", "last-event-id", "string", "the version from which to go on"]],
    answer: [200, "text/event-stream", "see API.md"],
  },
  {
    path: "/series",
    method: "get",
    role: "read",
    tag: "queries",
    summary: "Curves, exact or reduced to a number of points.",
    parameters: [
      ["query", "series", "string", "the key of a series, its last part, or a glob"],
      ...MEANT,
      [
        "query",
        "x",
        "string",
        "step, time, relative, a level of the event's name such as epoch, or a number of the same events' data",
      ],
      ["query", "smooth", "string", "weight of the past, from 0 to below 1"],
      ["query", "group_by", "string", "columns: experiments that are alike in them become one curve"],
      ["query", "agg", "string", "mean, std, min, max, count"],
      ["query", "points", "integer", "points of a curve at most, extremes kept"],
      ["query", "all", "boolean", "deleted experiments too"],
    ],
    answer: [200, JSON_TYPE, "`curves` with `labels`, `x`, `y` and `coordinates`"],
  },
  {
    path: "/schema",
    method: "get",
    role: "read",
    tag: "queries",
    summary: "Tables, columns and keys of series.",
    answer: [200, JSON_TYPE, "`tables` and `keys`"],
  },
  {
    path: "/objects/{sha256}",
    method: "get",
    role: "read",
    tag: "objects",
    summary: "The contents of a file; ranges are understood.",
    parameters: [["path", "sha256", "string", "64 hexadecimal digits"]],
    answer: [200, BYTES, "the bytes"],
  },
  {
    path: "/objects/{sha256}",
    method: "put",
    role: "write",
    tag: "objects",
    summary:
      "Sends an object in one or several parts; a cut upload goes on at the size that HEAD tells in dbx-partial.",
    parameters: [
      ["path", "sha256", "string", "64 hexadecimal digits"],
      [
        "query",
        "offset",
        "integer",
        "where the part begins",
      ],
      ["query", "size", "integer", "bytes of the whole"],
      [
        "query",
        "upload",
        "string",
        "whose upload it is: up to 64 of 0-9a-z",
      ],
    ],
    body: [BYTES, "bytes"],
    answer: [201, JSON_TYPE, "`size` and `done`; 202 while parts are missing"],
  },
  {
    path: "/flush",
    method: "post",
    role: "write",
    tag: "synchronisation",
    summary: "Has the disk keep files before it answers.",
    body: [JSON_TYPE, "`files`: names"],
    answer: [204, undefined, "they are on the disk"],
  },
  {
    path: "/files/{name}",
    method: "get",
    role: "read",
    tag: "synchronisation",
    summary: "A file of the repository, or a listing; see SYNC.md.",
    parameters: [["path", "name", "string", "as in the repository"]],
    answer: [200, BYTES, "the bytes"],
  },
  {
    path: "/files/{name}",
    method: "put",
    role: "write",
    tag: "synchronisation",
    summary: "Makes a file that is not there.",
    parameters: [["path", "name", "string", "as in the repository"]],
    body: [BYTES, "bytes"],
    answer: [201, undefined, "it is made; 412 where it is there"],
  },
  {
    path: "/files/{name}",
    method: "post",
    role: "write",
    tag: "synchronisation",
    summary: "Extends a log that is exactly `offset` long.",
    parameters: [["path", "name", "string", "as in the repository"], [
      "query",
      "offset",
      "integer",
      "the length it has",
    ]],
    body: [BYTES, "bytes"],
    answer: [204, undefined, "they are added"],
  },
  {
    path: "/sync/inventory",
    method: "post",
    role: "read",
    tag: "synchronisation",
    summary: "What is there, as far as it differs; see SYNC.md.",
    body: [JSON_TYPE, "digests"],
    answer: [200, LINES, "files"],
  },
  {
    path: "/sync/prove",
    method: "post",
    role: "read",
    tag: "synchronisation",
    summary: "Hashes of beginnings of files.",
    body: [JSON_TYPE, "`extents`"],
    answer: [200, JSON_TYPE, "`proofs`"],
  },
  {
    path: "/sync/give",
    method: "post",
    role: "read",
    tag: "synchronisation",
    summary: "The bytes of many files.",
    body: [JSON_TYPE, "`wants`"],
    answer: [200, BYTES, "frames"],
  },
  {
    path: "/sync/take",
    method: "post",
    role: "write",
    tag: "synchronisation",
    summary: "Takes the bytes of many files.",
    body: [BYTES, "frames"],
    answer: [200, JSON_TYPE, "what was taken"],
  },
  {
    path: "/sync/settle",
    method: "post",
    role: "write",
    tag: "synchronisation",
    summary: "Sets times of files that were proven equal.",
    body: [JSON_TYPE, "`files`"],
    answer: [204, undefined, "they are set"],
  },
];

/** The interface as an OpenAPI 3.1 document. Other repositories of a server are below `/repos/{name}/api/v1`. */
export function openApi(): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { path, method, role, summary, parameters = [], body, answer, tag } of OPERATIONS) {
    const [status, type, help] = answer;
    const content = (type: string) => ({ [type]: { schema: type === JSON_TYPE ? {} : { type: "string" } } });
    (paths[path] ??= {})[method] = {
      summary,
      tags: [tag],
      operationId: `${method} ${path}`.replace(/[^a-z0-9]+/gi, "_").replace(/_$/, ""),
      security: [{ token: [role] }, {}],
      parameters: parameters.map(([place, name, type, description]) => ({
        name,
        in: place,
        required: place === "path",
        description,
        schema: { type },
      })),
      ...(body && { requestBody: { description: body[1], content: content(body[0]) } }),
      responses: {
        [status]: { description: help, ...(type !== undefined && { content: content(type) }) },
        default: {
          description: "What is wrong",
          content: { [JSON_TYPE]: { schema: { $ref: "#/components/schemas/Error" } } },
        },
      },
    };
  }
  const error = {
    type: "object",
    required: ["error"],
    properties: {
      error: { type: "string", description: "what is wrong" },
      kind: { type: "string", description: "query, usage, not-found, ambiguous, damage, limit or refused" },
      position: { type: "integer", description: "where in `query` it is wrong: characters from its start" },
      query: { type: "string", description: "what `position` counts in: the SQL, a condition, a name of a column" },
    },
  };
  return {
    openapi: "3.1.0",
    info: { title: "dbx", version: VERSION, description: "A repository of machine-learning experiments." },
    servers: [{ url: "/api/v1" }],
    paths,
    components: { schemas: { Error: error }, securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}
