import { ERROR_HEADER, GARBLED } from "./integrity.ts";

/** The header of every request and answer that says which version of the protocol its sender speaks. */
export const PROTOCOL_HEADER = "dbx-protocol";

/** The version that this program speaks, and the only one that it knows. */
export const PROTOCOL = "1";

/** What a header `dbx-error` says of a request whose version is not known, or missing where it must be there. */
export const PROTOCOL_ERROR = "protocol";

/** How a header's value is quoted in a message. */
export function quotedVersion(said: string): string {
  return JSON.stringify(said.slice(0, 50));
}

/**
 * Whether a refusal says that the request was changed on its way. A server that speaks this version, and does not know the one
 * that came, got another one than was sent.
 */
export function isChangedOnTheWay(headers: Headers): boolean {
  const error = headers.get(ERROR_HEADER);
  return error === GARBLED || (error === PROTOCOL_ERROR && headers.get(PROTOCOL_HEADER) === PROTOCOL);
}
