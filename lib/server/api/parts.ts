// Parts that contracts share.
import { PROTOCOL, PROTOCOL_HEADER } from "../../protocol/version.ts";
import { STATUSES } from "../../repo/logs/run_status.ts";
import { TEXT_LIMITS } from "./text_limits.ts";
import type { Answer, AnswerHeader, Parameter } from "./contract.ts";
import { count, like, list, type ObjectSchema, oneOf, type Schema, text } from "./schema.ts";

export const JSON_TYPE = "application/json";
export const LINES = "application/jsonl";
export const BYTES = "application/octet-stream";
export const EVENTS = "text/event-stream";
export const MIB = 1024 * 1024;

/** Any bytes or lines. */
export const PLAIN: Schema = { type: "string" };

/** An id, or the beginning of one. */
const PREFIX = "^[_0-9a-zA-Z]{1,13}$";
/** The same, or `<exp>/<run>`. */
export const PREFIX_WITHIN = "^[_0-9a-zA-Z]{1,13}(?:/[_0-9a-zA-Z]{1,13})?$";
export const ID = like("^[0-9a-z]{13}$", { description: "an id: 13 of 0-9a-z" });
/** An id in a file, which may be of v0. */
export const OLD_ID = like("^[_0-9a-zA-Z]{13}$");
/** Milliseconds since the Unix epoch. */
export const TIME: ObjectSchema = { type: ["number", "null"], description: "milliseconds since the Unix epoch" };

export const EXP: Parameter = {
  name: "exp",
  in: "path",
  help: "an experiment's id, or a prefix of one",
  schema: like(PREFIX),
};
export const RUN: Parameter = {
  name: "run",
  in: "path",
  help:
    "a run's id, or a prefix of one; <exp>%2F<run> for a run of one experiment; an experiment's id stands for its latest run",
  schema: like(PREFIX_WITHIN),
};
export const LOG: Parameter = {
  name: "log",
  in: "path",
  help: "the name of a log; the default one is `log`",
  schema: like("^[a-zA-Z0-9_][a-zA-Z0-9_.\\-]{0,99}$"),
};

/** Characters of one parameter of a query string: all of a URL has 32 KiB. */
const MAX_VALUE_LENGTH = 8192;
/** Parameters that must not be empty if they are given. */
const NOT_EMPTY = ["sql", "where", "cols", "group_by", "sort", "series", "x"];

/** A text of a question, in the query string. */
function textOf(name: string): ObjectSchema {
  const most = Math.min(TEXT_LIMITS[name] ?? 256, MAX_VALUE_LENGTH);
  return text(most, NOT_EMPTY.includes(name) ? { minLength: 1 } : {});
}

/** A parameter of the query string. */
export function query(
  name: string,
  help: string,
  schema: ObjectSchema = textOf(name),
  more: Partial<Parameter> = {},
): Parameter {
  return { name, in: "query", help, schema, ...more };
}

/** A yes or no of the query string. */
export function yes(name: string, help: string): Parameter {
  return query(name, help, { type: "boolean" });
}

/** A whole number from 0 of the query string. */
export function whole(name: string, help: string, more: ObjectSchema = {}): Parameter {
  return query(name, help, count(more));
}

/** Which experiments are meant: all that is said must be true. */
export const MEANT: readonly Parameter[] = [
  query("where", "a condition on experiments, such as params.lr < 0.1 and min:loss < 1", undefined, {
    example: "params.lr < 0.1",
  }),
  query("kind", "only this kind"),
  query("name", "only names that match this glob"),
  query("tag", "only with this tag; may be repeated", list(text(256), { maxItems: 16 })),
  query("status", "only with this status of the newest run", oneOf(STATUSES)),
  query("since", "only those created since: 2026-01-31, or 2d for two days ago", undefined, { example: "2d" }),
  query("run", "only this run, by its id or a prefix of it", like(PREFIX)),
];

/** Experiments without SQL. */
export const SHORTHAND: readonly Parameter[] = [
  ...MEANT,
  query("cols", "columns of experiments, separated by commas, such as id,params.lr,min:loss", undefined, {
    example: "id,kind,params.lr",
  }),
  query("sort", "a column; a leading - reverses the order", undefined, { example: "-created_at" }),
  whole("limit", "maximum number of rows"),
  yes("all", "include deleted experiments"),
];

/** What a query may use at most, below the server's own limits. */
export const LIMITS: readonly Parameter[] = [
  whole("max_ms", "maximum time in milliseconds"),
  whole("max_rows", "maximum number of rows"),
  whole("max_bytes", "maximum number of bytes"),
];

/** An answer of JSON. */
export function json(help: string, schema: Schema, more: Partial<Answer> = {}): Answer {
  return { help, content: { [JSON_TYPE]: schema }, ...more };
}

/** An answer without a body. */
export function nothing(help: string): Answer {
  return { help };
}

/** That the client has what it asked for: it named the etag. */
export const UNCHANGED: Answer = { help: "it still has the etag in `if-none-match`" };

/** A header with a count. */
export function counted(help: string, required = true): AnswerHeader {
  return { help, schema: count(), required };
}

/** Characters of a page of the server's own. */
const MAX_PAGE_LENGTH = 1024 * 1024;

/** An answer with a page, or what belongs to one. */
export function page(help: string, type = "text/html"): Answer {
  return { help, content: { [type]: text(MAX_PAGE_LENGTH) } };
}

/** The version of the protocol, which synchronisation must name. */
export const VERSION: Parameter = {
  name: PROTOCOL_HEADER,
  in: "header",
  help: "the version of the protocol that the client speaks",
  schema: like(`^${PROTOCOL}$`),
  required: true,
  example: PROTOCOL,
};
/** Which bytes are wanted. */
export const RANGE: Parameter = {
  name: "range",
  in: "header",
  help: "bytes=a-b, or bytes=a-; other ranges are ignored (RFC 9110)",
  schema: text(256),
  example: "bytes=0-9",
};

/** An answer with some of the bytes. */
export const PARTIAL: Answer = {
  help: "some of the bytes",
  content: { [BYTES]: PLAIN },
  headers: { "content-range": { help: "which bytes, and the total length", schema: text(100), required: true } },
};
