// What questions over experiments may say, in a query string or a body.
import { STATUSES } from "../../../repo/logs/run_status.ts";
import type { Answer, Body, Parameter } from "../../api/contract.ts";
import { JSON_TYPE, LINES, MIB, PLAIN, query, SHORTHAND, yes } from "../../api/parts.ts";
import { count, like, list, named, object, oneOf, type Schema, text } from "../../api/schema.ts";
import { TEXT_LIMITS } from "../../api/text_limits.ts";

/** How rows are written. */
export const FORMATS = ["json", "jsonl", "csv", "tsv", "markdown", "rows"];

const SQL = text(TEXT_LIMITS.sql);
export const FORMAT = query(
  "format",
  "the format of the rows; `rows` is exact and meant for another dbx",
  oneOf(FORMATS),
);
export const SAFE = yes("safe", "for csv and tsv: put ' before texts that a spreadsheet would take for formulas");

/** A query in a query string. */
export const ASKED: readonly Parameter[] = [
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
/** Which version of an answer a client has. */
export const AFTER: readonly Parameter[] = [
  query("after", "like the header last-event-id", text(TEXT_LIMITS.after)),
  { name: "last-event-id", in: "header", help: "the version to resume from", schema: text(TEXT_LIMITS.after) },
];

/** A question in a body: what the query string has, as JSON. */
export function question(more: Readonly<Record<string, Schema>>, help: string): Body {
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
    values: list(one("where"), { maxItems: 256 }),
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

/** The answer of a query. */
export const ROWS: Answer = {
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
