import {
  AmbiguousError,
  DamageError,
  DbxError,
  GarbledError,
  NotFoundError,
  RefusedError,
  UnreachableError,
  UsageError,
} from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { loginAdvice } from "../../base/server_url.ts";
import { errorFromJson, LimitError } from "../../protocol/error_json.ts";
import { hasDigest } from "../../protocol/integrity.ts";
import { isChangedOnTheWay } from "../../protocol/version.ts";
import { QueryError } from "../../query/result/query_error.ts";
import { firstBytes } from "./exchange.ts";

/** Bytes of an answer that says what is wrong. */
export const MAX_ERROR_BYTES = 128 * 1024;

/** Which server answered, and how it was asked. */
export interface Asked {
  /** What the user calls the server. */
  readonly who: string;
  /** Its URL. */
  readonly base: string;
  readonly hasToken: boolean;
}

/**
 * The error that an answer stands for: the one place where statuses and the JSON of errors become errors. Those that are about
 * what was asked read as they would in a folder; others name the server.
 */
export async function responseError(response: Response, asked: Asked): Promise<DbxError> {
  const { status, headers } = response;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await firstBytes(response, MAX_ERROR_BYTES);
  } catch (error) {
    if (error instanceof UnreachableError) return error;
    throw error;
  }
  if (isChangedOnTheWay(headers)) return garbledError(asked.who);
  // What is cut off here cannot be compared.
  const isWhole = bytes.length < MAX_ERROR_BYTES;
  if (isWhole && hasDigest(bytes, headers.get("content-digest")) === false) return garbledError(asked.who);
  const error = errorFromJson(parsed(bytes), "");
  if (error.message === "") {
    return withStatus(status, `Cannot use ${asked.who}: it answers ${status}; is dbx serve running there?`);
  }
  if (isAboutTheQuestion(error)) return error;
  const needsToken = status === 401 && !asked.hasToken;
  return withStatus(status, `${asked.who}: ${error.message}${needsToken ? loginAdvice(asked.base) : ""}`);
}

/** The error for a checksum that is missing or wrong. */
export function garbledError(who: string): GarbledError {
  return new GarbledError(
    `Cannot trust the connection to ${who}: a checksum is missing or wrong; try again, and check whether an older dbx ` +
      `serves there, or a proxy changes what it passes on`,
  );
}

function isAboutTheQuestion(error: DbxError): boolean {
  return [QueryError, LimitError, UsageError, NotFoundError, AmbiguousError].some((kind) => error instanceof kind);
}

function withStatus(status: number, message: string): DbxError {
  if (status === 404) return new NotFoundError(message);
  if (status === 400 || status === 422) return new UsageError(message);
  if (status === 401 || status === 403) return new RefusedError(message);
  if (status === 409) return new DamageError(message);
  return new DbxError(message);
}

/** The JSON of an error; undefined for anything else, which says nothing that can be understood. */
function parsed(bytes: Uint8Array): unknown {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
