import { HttpError } from "./http_error.ts";

/** What the header `host` may be: a name or an address, and a port. */
const HOST = /^(?:[\w.~-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The URL of a request. Refuses one whose host is not one, or that has a password in it. */
export function urlOf(request: Request): URL {
  const host = request.headers.get("host");
  if (host !== null && host !== "" && !HOST.test(host)) throw new HttpError(400, "the Host header is malformed");
  let url: URL;
  try {
    url = new URL(request.url);
  } catch {
    throw new HttpError(400, "the URL is malformed");
  }
  if (url.username !== "" || url.password !== "") {
    throw new HttpError(400, "a URL with a password in it is not accepted");
  }
  return url;
}
