import { ERROR_HEADER } from "../../protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_ERROR, PROTOCOL_HEADER, quotedVersion } from "../../protocol/version.ts";
import { HttpError } from "./http_error.ts";
import type { Incoming } from "./incoming.ts";

const HEADERS = { [ERROR_HEADER]: PROTOCOL_ERROR };

/** Refuses a request in a version of the protocol that is not known: whatever it asks for may mean something else there. */
export function checkProtocol({ request }: { readonly request: Incoming }): void {
  const said = request.headers.get(PROTOCOL_HEADER);
  if (said === null || said === PROTOCOL) return;
  throw new HttpError(
    400,
    `version ${quotedVersion(said)} of the protocol is not supported: this dbx speaks version ${PROTOCOL}`,
    HEADERS,
  );
}

/** Refuses a request that does not say which version it is in, where a wrong guess could do harm. */
export function needProtocol(headers: Headers): void {
  if (headers.has(PROTOCOL_HEADER)) return;
  throw new HttpError(
    400,
    `the header "${PROTOCOL_HEADER}: ${PROTOCOL}" is missing, which synchronisation needs`,
    HEADERS,
  );
}
