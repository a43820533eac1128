import type { Answer, Contract } from "./contract.ts";
import { count, named, text } from "./schema.ts";

const ERROR = { "application/json": named("Error") };
const retry = { "retry-after": { help: "seconds", schema: count(), required: true } };

/** What each status of an error means, for any route. SYNC.md has the same table, for whoever writes a client. */
export const ERRORS: Readonly<Record<number, Answer>> = {
  400: {
    help:
      "the request is not as it must be; `dbx-error: checksum`: it was changed on the way; `dbx-error: protocol`: its " +
      "version is missing or not known",
  },
  401: {
    help: "a token is missing or wrong",
    headers: { "www-authenticate": { help: "`Bearer`", schema: text(100), required: true } },
  },
  403: {
    help:
      "the role does not suffice; it is another token's; another site asks, or for another host; it is open for reading only; the version of " +
      "the repository is not known",
  },
  404: { help: "there is no such thing" },
  405: {
    help: "not with this method; `allow` names those that there are",
    headers: { allow: { help: "the methods that there are", schema: text(100), required: true } },
  },
  408: { help: "the body comes too slowly: 30 seconds passed without a byte" },
  409: {
    help:
      "something else is there: other bytes at that place, another experiment or run of that id; several ids begin so; " +
      "what is there is damaged",
  },
  413: { help: "the body is too long, also when it is unpacked; the quota of the token is used up" },
  414: { help: "the URL is too long" },
  415: { help: "the body is of another media type, or packed in a way that is not known" },
  416: { help: "something is missing before the offset; `size` says how many bytes are there" },
  421: { help: "the request came by a way that is not the server's" },
  422: {
    help:
      "it is understood, and cannot be done: a query that is wrong or takes too much, bytes that do not have their hash",
  },
  429: {
    help: "too many requests, too many wrong tokens, or the token writes faster than its quota",
    headers: retry,
  },
  431: { help: "the headers are too long" },
  503: { help: "the server is busy", headers: retry },
  507: { help: "no space is left on its disk" },
};

/** Those that any request may meet, those of whoever needs a right, and those of a body. */
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
