import {
  AlreadyExistsError,
  AmbiguousError,
  DamageError,
  DbxError,
  GarbledError,
  messageOf,
  NotFoundError,
  UsageError,
} from "../../base/errors.ts";
import { GapError } from "../../store/local/logs/log_appender.ts";
import { systemCode } from "../../fs/disk_error.ts";
import { errorToJson, LimitError } from "../../protocol/error_json.ts";
import { contentDigest, ERROR_HEADER, GARBLED } from "../../protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../protocol/version.ts";

/** A request that is not granted: the message to the client, and the status. */
export class HttpError extends DbxError {
  override name = "Refusal";
  /** `size`: bytes that are there, where that is why. */
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly size?: number,
  ) {
    super(message);
  }
}

/** The refusal of a request that is not what was sent; it may be sent again. */
export function garbled(why = "the request was changed on the way: its checksum is wrong; send it again"): HttpError {
  return new HttpError(400, why, { [ERROR_HEADER]: GARBLED });
}

/** The answer to a request that threw. Unexpected errors are not shown to the client. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof AlreadyExistsError) return new HttpError(409, "another file of that name exists");
  if (error instanceof NotFoundError) return new HttpError(404, error.message);
  if (error instanceof AmbiguousError) return new HttpError(409, error.message);
  if (error instanceof Deno.errors.NotFound) {
    return new HttpError(404, "it does not exist");
  }
  // What is not as the interface says was refused before; this is understood, and cannot be done.
  if (error instanceof UsageError) return new HttpError(422, error.message);
  if (error instanceof GapError) return new HttpError(416, error.message, {}, error.size);
  if (error instanceof GarbledError) return garbled(error.message);
  if (error instanceof DamageError) return new HttpError(409, error.message);
  const code = systemCode(error);
  if (code === 28 || code === 122) return new HttpError(507, "no space is left on its disk");
  if (code === 13 || code === 30) return new HttpError(403, "its folder is not writable");
  if (error instanceof LimitError) return new HttpError(422, error.message);
  if (error instanceof DbxError) return new HttpError(403, error.message);
  return new HttpError(500, "internal error; see the server's log");
}

/** The same as an answer: JSON with the key `error`, and for programs `kind`. */
export function refuse(error: unknown): Response {
  const { status, message, headers, size } = toHttpError(error);
  const told = errorToJson(error);
  // With the place in a query, which the message itself shows, too.
  const json = told?.position === undefined
    ? { error: message, ...told && { kind: told.kind }, ...size !== undefined && { size } }
    : told;
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return new Response(bytes, {
    status,
    headers: {
      "content-type": "application/json",
      [PROTOCOL_HEADER]: PROTOCOL,
      ...headers,
      "cache-control": "no-store, no-transform",
      "content-digest": contentDigest(bytes),
    },
  });
}

/** What a server's log says of an error that it did not expect. */
export function isUnexpected(error: unknown): string | undefined {
  return toHttpError(error).status === 500 ? messageOf(error) : undefined;
}
