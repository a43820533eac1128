import { ROUTES } from "../../protocol/route_table.ts";
import { checkRight } from "../access/access.ts";
import { checkArguments } from "../api/arguments.ts";
import { checkMediaType } from "../api/body.ts";
import { VERSION } from "../api/parts.ts";
import { HttpError } from "../http/http_error.ts";
import { needProtocol } from "../http/protocol_version.ts";
import type { Call, Matched, StoreCall } from "../routes/call.ts";

/** Refuses clients that lack the right that a route needs. */
export function checkRole({ name, caller }: StoreCall): void {
  const { right } = ROUTES[name];
  if (right !== "open") checkRight(caller, right);
}

/** Refuses what would write to a repository that is open for reading only. */
export function checkWritable({ name, files }: StoreCall): void {
  if (ROUTES[name].right !== "read" && files.options.readOnly) throw new HttpError(403, "it is read-only");
}

/** Refuses a request whose path, query string, headers or media type are not as its route says. */
export function checkRequest({ contract, path, url, request: { headers } }: Matched): void {
  if (contract.parameters?.includes(VERSION)) needProtocol(headers);
  checkArguments(contract, path, url.searchParams, headers);
  checkMediaType(contract.body, headers);
}

/** Refuses a token that writes faster than it may. */
export function checkWriteRate({ name, served, grant }: Call): void {
  if (ROUTES[name].right !== "read") served.writes.checkQuota(grant);
}
