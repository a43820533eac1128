// What answers hold, by name.
import { ROLES } from "../../protocol/roles.ts";
import { STATUSES } from "../../repo/logs/run_status.ts";
import { ID, OLD_ID, TIME } from "./parts.ts";
import { count, like, list, named, object, type ObjectSchema, oneOf, type Schema, text } from "./schema.ts";

const ANY_TEXT: ObjectSchema = { type: "string" };
const ANY: ObjectSchema = { type: "object" };
const open: ObjectSchema = { additionalProperties: true };
const texts = list(ANY_TEXT);

const column = object({ name: ANY_TEXT, type: ANY_TEXT, help: ANY_TEXT });

/** Values of queries that JSON has no word for. */
const CELL: ObjectSchema = {
  description: "the exact value of a query's cell",
  anyOf: [
    { type: ["null", "number", "string"] },
    object({ _dbx: oneOf(["nan", "inf", "-inf"]) }),
    object({ _dbx: { const: "int" }, text: { type: "string", pattern: "^-?[0-9]{1,40}$" } }),
    object({ _dbx: { const: "bytes" }, hex: { type: "string", pattern: "^(?:[0-9a-f]{2})*$" } }),
  ],
};

/** The status of a run, as in `RunStatus`. */
const STATUS: Readonly<Record<string, Schema>> = {
  status: oneOf(STATUSES),
  startedAt: TIME,
  endedAt: TIME,
  durationMs: { type: "number" },
  exitCode: { type: "integer" },
  signal: ANY_TEXT,
  lost: count({ description: "events that its logs failed to record" }),
  lostReasons: texts,
};

const RUN: Readonly<Record<string, Schema>> = {
  id: OLD_ID,
  createdAt: TIME,
  cmd: texts,
  pwd: ANY_TEXT,
  script: ANY_TEXT,
  hostname: ANY_TEXT,
  env: { type: "object", additionalProperties: ANY_TEXT },
  git: ANY,
  ...STATUS,
};

const repository = object(
  {
    name: ANY_TEXT,
    at: { ...ANY_TEXT, description: "the path of its routes" },
    id: OLD_ID,
    version: { type: "integer", enum: [0, 1] },
    readOnly: { type: "boolean" },
  },
  ["name", "at", "readOnly"],
);

const request = {
  id: ID,
  ts: { type: "number", description: "milliseconds since the Unix epoch, by the clock of the requester" } as const,
};

const place = (more: Readonly<Record<string, Schema>>) =>
  object({ folder: ANY_TEXT, meta: { ...ANY_TEXT, description: "the exact text of its definition" }, ...more });

/** Names that the server itself uses for what it returns about an experiment and a run. */
export const TOLD_OF_EXPERIMENTS = ["createdAt", "tags", "notes", "deleted", "runs"];
export const TOLD_OF_RUNS = ["createdAt", "exp", "logs", ...Object.keys(STATUS)];

export const SCHEMAS = {
  Error: object(
    {
      error: { type: "string", description: "the error message" },
      kind: oneOf(["query", "usage", "not-found", "ambiguous", "damage", "limit", "refused"]),
      position: count({ description: "position of the error in `query`, in characters from its start" }),
      query: {
        type: "string",
        description: "the text that `position` refers to: the SQL, a condition, or the name of a column",
      },
      size: count({ description: "for 416, and for an upload: the number of bytes that exist" }),
    },
    ["error"],
  ),
  Cell: CELL,
  Repository: repository,
  About: object(
    {
      dbx: { type: "string", description: "the version of the server" },
      role: oneOf([...ROLES, "admin"]),
      token: { type: "string", description: "the name of the token" },
      repository: named("Repository"),
      repositories: list(named("Repository")),
    },
    ["dbx", "role", "repository", "repositories"],
  ),
  Run: object(RUN, ["id", "createdAt", "status"], open),
  RunAlone: object(
    { exp: OLD_ID, ...RUN, logs: list(object({ name: ANY_TEXT, size: count() })) },
    ["exp", "id", "createdAt", "status", "logs"],
    open,
  ),
  Experiment: object(
    {
      id: OLD_ID,
      kind: ANY_TEXT,
      name: ANY_TEXT,
      params: ANY,
      createdAt: TIME,
      tags: texts,
      notes: list(object({ ts: { type: "number" }, text: ANY_TEXT, run: ID }, ["ts", "text"])),
      deleted: { type: "boolean" },
      runs: list(named("Run")),
    },
    ["id", "kind", "name", "params", "createdAt", "tags", "notes", "deleted", "runs"],
    open,
  ),
  MadeExperiment: object({ exp: ID, folder: ANY_TEXT }),
  MadeRun: object({ exp: ID, run: ID, folder: ANY_TEXT }),
  Found: object({ experiment: place({ version: { type: "integer", enum: [0, 1] } }), run: place({}) }, ["experiment"]),
  Request: {
    anyOf: [
      object({ command: { const: "stop" }, ...request, run: ANY_TEXT, grace: { type: "number", minimum: 0 } }, [
        "command",
        "id",
        "ts",
        "run",
      ]),
      object(
        {
          command: { const: "start" },
          ...request,
          exp: ANY_TEXT,
          run: ID,
          cmd: list(ANY_TEXT, { minItems: 1 }),
          cwd: ANY_TEXT,
          env: { type: "object", additionalProperties: ANY_TEXT },
          agents: texts,
        },
        ["command", "id", "ts", "exp", "run", "cmd"],
      ),
      object({ command: { const: "cancel" }, ...request, of: ANY_TEXT }),
    ],
  },
  Requests: object({ requests: list(named("Request")) }),
  Rows: list(ANY, { description: "each row as an object, by column name" }),
  List: object({
    columns: texts,
    rows: list(ANY, { description: "columns that an experiment does not have are left out" }),
    of: count({ description: "the number of experiments before any condition" }),
    deleted: count({ description: "where there are none: the number of deleted experiments, which are left out" }),
    matching: count({ description: "with counted: the number of experiments without the limit" }),
    remarks: texts,
    problems: count({ description: "number of damaged definitions, which are left out" }),
    badLines: count({ description: "number of lines in logs that are not events, which are left out" }),
  }, ["columns", "rows", "of", "remarks", "problems", "badLines"]),
  Curves: object({
    curves: list(object({
      labels: { type: "object", additionalProperties: named("Cell") },
      x: list(named("Cell")),
      y: { type: "object", additionalProperties: list(named("Cell")) },
      coordinates: { type: "object", additionalProperties: list(named("Cell")) },
    })),
  }),
  Schema: object({
    tables: list(object({
      name: ANY_TEXT,
      help: ANY_TEXT,
      columns: list(column),
      hidden: list(column),
      dotted: list(object({ name: ANY_TEXT, count: count() })),
      families: texts,
    })),
    keys: list(object({ key: ANY_TEXT, series: count(), points: count() })),
  }),
  Added: object({ size: count({ description: "of the log now" }), added: count({ description: "bytes" }) }),
  Uploaded: object({ size: count({ description: "number of bytes that exist" }), done: { type: "boolean" } }),
  Entries: list(object({ name: ANY_TEXT, kind: oneOf(["file", "folder", "other"]) })),
  Proofs: object({
    proofs: list({
      anyOf: [
        { type: "null" },
        { type: "string", const: "collected", description: "an object that a garbage collection removed" },
        {
          type: "array",
          description: "length of the file, length up to its last line feed, SHA-256 of the first bytes",
          items: { type: ["integer", "string", "null"] },
          minItems: 3,
          maxItems: 3,
        },
      ],
    }),
    groups: list(like("^[0-9a-f]{64}$"), {
      description: "instead, for each group, the SHA-256 of the list of its proofs",
    }),
  }, []),
  Taken: object(
    {
      files: count({ description: "number of files that were created or grew" }),
      bytes: count({ description: "number of bytes that were written" }),
      taken: list({ type: ["integer", "null"] }, {
        description:
          "for each file, in the order in which they were sent, the number of bytes that exist now; null: see setbacks",
      }),
      setbacks: list(
        object({
          name: ANY_TEXT,
          kind: oneOf(["diverged", "retry", "damaged", "refused", "failed"]),
          message: ANY_TEXT,
          size: count({ description: "number of bytes that exist, fewer than the offset of what was sent" }),
        }, ["name", "kind", "message"]),
      ),
    },
    ["files", "bytes", "taken", "setbacks"],
    open,
  ),
  LineMessage: object({ id: ANY_TEXT, data: ANY_TEXT }, ["data"]),
  LiveMessage: object({ event: oneOf(["answer", "changes", "error"]), id: ANY_TEXT, data: ANY_TEXT }, [
    "event",
    "data",
  ]),
  Healthy: object({ status: { const: "ok" } }),
} as const satisfies Readonly<Record<string, ObjectSchema>>;

/** The token of a session. */
export const TOKEN = text(1024, { pattern: "^[\\x20-\\x7e]{1,1024}$" });
