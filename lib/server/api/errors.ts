import type { Answer, Contract } from "./contract.ts";
import { count, named, text } from "./schema.ts";

const ERROR = { "application/json": named("Error") };
const retry = { "retry-after": { help: "seconds", schema: count(), required: true } };

/** What each status of an error means, for any route. SYNC.md has the same table, for authors of clients. */
export const ERRORS: Readonly<Record<number, Answer>> = {
  400: {
    help: "the request is malformed; `dbx-error: checksum`: it was changed on the way; `dbx-error: protocol`: its " +
      "version is missing or unknown",
  },
  401: {
    help: "a token is missing or wrong",
    headers: { "www-authenticate": { help: "`Bearer`", schema: text(100), required: true } },
  },
  403: {
    help:
      "the role does not suffice; it belongs to another token; the request comes from another site or is for another host; the repository is read-only; the version of " +
      "the repository is unknown",
  },
  404: { help: "it does not exist" },
  405: {
    help: "the method is not allowed here; `allow` lists the methods that are",
    headers: { allow: { help: "the allowed methods", schema: text(100), required: true } },
  },
  408: { help: "the body arrives too slowly: 30 seconds passed without a byte" },
  409: {
    help:
      "something else exists already: different bytes at that offset, another experiment or run with that id; several ids begin with the given text; " +
      "the existing data is damaged",
  },
  413: { help: "the body is too long, as sent or decompressed; the quota of the token is used up" },
  414: { help: "the URL is too long" },
  415: { help: "the body has an unsupported media type or content encoding" },
  416: { help: "bytes before the offset are missing; `size` is the number of bytes that exist" },
  421: { help: "the request arrived at an address that is not the server's" },
  422: {
    help:
      "the request is well-formed but cannot be carried out: a query that is wrong or exceeds a limit, bytes that do not match their hash",
  },
  429: {
    help: "too many requests, too many wrong tokens, or the token writes faster than its quota",
    headers: retry,
  },
  431: { help: "the headers are too long" },
  503: { help: "the server is busy", headers: retry },
  507: { help: "no space is left on its disk" },
};

/** Those that any request may meet, those of routes that need a right, and those of a body. */
const ANY = [400, 403, 405, 414, 421, 429, 431, 503];
const ADMITTED = [401];
const WITH_BODY = [408, 413, 415];

/** The statuses of all errors that a route may answer. */
export function errorsOf({ body, errors = [] }: Contract, right: string): number[] {
  const all = [...ANY, ...right === "open" ? [] : ADMITTED, ...body === undefined ? [] : WITH_BODY, ...errors];
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The errors as a document names them, with what they hold. */
export const ERROR_CONTENT = ERROR;
