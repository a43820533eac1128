import type { Access } from "../access/access.ts";
import { methodsAt, placeOf } from "../api/router.ts";
import { HttpError } from "../http/http_error.ts";
import type { Middleware } from "./middleware.ts";

/** Methods that are known. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

/** The answer to a browser that asks whether a page of an allowed origin may send a request. */
const PREFLIGHT: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
  "access-control-allow-headers":
    "authorization, content-digest, content-encoding, content-type, dbx-check, dbx-protocol, last-event-id, range",
  "access-control-max-age": "600",
};

/** A request whose route is yet to be found. */
interface Unrouted {
  readonly request: Request;
  readonly url: URL;
}

/** Refuses a method that no route has. */
export function checkMethod({ request, url }: Unrouted): void {
  if (METHODS.includes(request.method)) return;
  throw new HttpError(405, "this method is not offered here", { allow: allowedAt(url) });
}

/** Answers `OPTIONS`, which any path has. `access`: says which pages of other origins may send requests. */
export function answerOptions<Given extends Unrouted>(access?: Access): Middleware<Given> {
  return (given, next) => {
    const { request, url } = given;
    if (request.method !== "OPTIONS") return next(given);
    const allow = allowedAt(url);
    const headers = access?.crossOrigin(request) === undefined ? { allow } : { allow, ...PREFLIGHT };
    return new Response(null, { status: 204, headers });
  };
}

/** The methods that an address has. */
function allowedAt(url: URL): string {
  const methods = methodsAt(placeOf(url).pathname);
  return (methods.length > 0 ? methods : METHODS).join(", ");
}
