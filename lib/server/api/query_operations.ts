import { CURVE_AGGREGATES } from "../../query/curves/curve.ts";
import { STATUSES } from "../../repo/logs/run_status.ts";
import { TEXT_LIMITS } from "./text_limits.ts";
import type { Answer, Body, Operations, Parameter } from "./operation.ts";
import { EVENTS, json, JSON_TYPE, LIMITS, LINES, MEANT, MIB, PLAIN, query, SHORTHAND, whole, yes } from "./parts.ts";
import { count, like, list, named, object, type ObjectSchema, oneOf, type Schema, text } from "./schema.ts";

/** How rows are written. */
export const FORMATS = ["json", "jsonl", "csv", "tsv", "markdown", "rows"];

const SQL = text(TEXT_LIMITS.sql);
const format = query("format", "the format of the rows; `rows` is exact and meant for another dbx", oneOf(FORMATS));
const safe = yes("safe", "for csv and tsv: put ' before texts that a spreadsheet would take for formulas");

const ASKED: readonly Parameter[] = [
  query(
    "sql",
    "a SELECT in SQLite's dialect over the tables that /schema lists; or, instead, any of the next parameters",
    text(16 * 1024, { minLength: 1 }),
    {
      example: "SELECT id, kind FROM experiments LIMIT 5",
    },
  ),
  query("param.NAME", "the value of :NAME", text(4096), { prefix: "param." }),
  ...SHORTHAND,
];
const AFTER: readonly Parameter[] = [
  query("after", "like the header last-event-id", text(TEXT_LIMITS.after)),
  { name: "last-event-id", in: "header", help: "the version to resume from", schema: text(TEXT_LIMITS.after) },
];

/** A question in a body: what the query string has, as JSON. */
function question(more: Readonly<Record<string, Schema>>, help: string): Body {
  const both: Readonly<Record<string, Schema>> = {
    params: {
      type: "object",
      description: "values of :NAME",
      propertyNames: text(256),
      additionalProperties: { anyOf: [{ type: "boolean" }, named("Cell")] },
      maxProperties: 1000,
    },
    all: { type: "boolean", description: "include deleted experiments" },
    as: text(TEXT_LIMITS.as, { description: "the name of the repository in error messages" }),
    ...more,
  };
  const one = (name: string) => text(TEXT_LIMITS[name]);
  const conditions: Readonly<Record<string, Schema>> = {
    where: one("where"),
    kind: one("kind"),
    name: one("name"),
    tag: one("tag"),
    tags: list(one("tag"), { maxItems: 256 }),
    status: oneOf(STATUSES),
    since: one("since"),
    run: like("^[_0-9a-zA-Z]{1,13}$"),
    cols: one("cols"),
    sort: one("sort"),
    limit: count(),
  };
  return {
    type: JSON_TYPE,
    help,
    schema: { anyOf: [object({ sql: SQL, ...both }, ["sql"]), object({ ...conditions, ...both }, [])] },
    bytes: 2 * MIB,
    examples: {
      sql: { sql: "SELECT id FROM experiments WHERE kind = :kind", params: { kind: "train" } },
      conditions: { where: "params.lr < 0.1", cols: "id,params.lr", sort: "-created_at", limit: 5 },
    },
  };
}

const ROWS: Answer = {
  help: "rows; with `explain`, how the query runs",
  content: {
    [JSON_TYPE]: named("Rows"),
    [LINES]: PLAIN,
    "text/csv": PLAIN,
    "text/tab-separated-values": PLAIN,
    "text/markdown": PLAIN,
    "text/plain": PLAIN,
  },
};
const STREAM: Answer = {
  help: "events `answer` and `changes`: see API.md",
  content: { [EVENTS]: named("LiveMessage") },
};
const positive: ObjectSchema = count({ minimum: 1, maximum: 1e9 });

/** Some names of aggregates, separated by commas. */
const AGGREGATES = `^(?:${CURVE_AGGREGATES.join("|")})(?:,(?:${CURVE_AGGREGATES.join("|")})){0,9}$`;

/** Questions over all experiments. */
export const QUERY_OPERATIONS = {
  experiments: {
    path: "/api/v1/experiments",
    method: "GET",
    right: "read",
    tag: "experiments",
    summary: "A list of experiments: a query with columns and order set.",
    parameters: [...SHORTHAND, format, safe, ...LIMITS],
    answers: { 200: ROWS },
    errors: [404, 409, 422],
  },
  list: {
    path: "/api/v1/list",
    method: "GET",
    right: "read",
    tag: "experiments",
    summary: "Experiments as dbx ls lists them.",
    parameters: [...SHORTHAND, whole("params", "without cols: the maximum number of differing params to show")],
    answers: { 200: json("the list", named("List")) },
    errors: [404, 409, 422],
  },
  query: {
    path: "/api/v1/query",
    method: "GET",
    right: "read",
    tag: "queries",
    summary: "Answers a query.",
    parameters: [
      ...ASKED,
      format,
      safe,
      yes("explain", "return how the query runs instead of its rows"),
      query("as", "the name of the repository in error messages"),
      ...LIMITS,
    ],
    answers: { 200: ROWS },
    errors: [404, 409, 422],
  },
  query_by_body: {
    path: "/api/v1/query",
    method: "POST",
    right: "read",
    tag: "queries",
    summary: "The same as GET, with everything in the body.",
    parameters: LIMITS,
    body: question(
      { format: oneOf(FORMATS), safe: { type: "boolean" }, explain: { type: "boolean" } },
      "`sql` and `params`; or `where`, `tags` and so on",
    ),
    answers: { 200: ROWS },
    errors: [404, 409, 422],
  },
  live: {
    path: "/api/v1/live",
    method: "GET",
    right: "read",
    tag: "queries",
    summary: "A live query: server-sent events whenever the answer changes.",
    parameters: [...ASKED, ...AFTER],
    answers: { 200: STREAM },
    errors: [404, 409, 422],
  },
  live_by_body: {
    path: "/api/v1/live",
    method: "POST",
    right: "read",
    tag: "queries",
    summary: "The same as GET, with the query in the body.",
    parameters: AFTER,
    body: question({}, "the query"),
    answers: { 200: STREAM },
    errors: [404, 409, 422],
  },
  series: {
    path: "/api/v1/series",
    method: "GET",
    right: "read",
    tag: "queries",
    summary: "Curves, exact or reduced to a number of points.",
    parameters: [
      query("series", "the key of a series, its last part, or a glob", undefined, { required: true, example: "loss" }),
      ...MEANT,
      query(
        "x",
        "step, time, relative, a level of the event's name such as epoch, or a number of the same events' data",
        undefined,
        { example: "step" },
      ),
      query("smooth", "weight of the past, from 0 to below 1", { type: "number", minimum: 0, exclusiveMaximum: 1 }),
      query("group_by", "columns, separated by commas: experiments with equal values in them become one curve"),
      query("agg", "with group_by: some of mean, std, min, max, count, separated by commas", like(AGGREGATES)),
      query("points", "maximum number of points per curve; extremes are kept", positive),
      yes("all", "include deleted experiments"),
    ],
    answers: { 200: json("the curves", named("Curves")) },
    errors: [404, 409, 422],
  },
  schema: {
    path: "/api/v1/schema",
    method: "GET",
    right: "read",
    tag: "queries",
    summary: "The tables, their columns, and the keys of series.",
    answers: { 200: json("the schema", named("Schema")) },
    errors: [404, 422],
  },
} as const satisfies Operations;
