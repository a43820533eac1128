import { HttpError } from "../http/http_error.ts";
import type { RequestContext } from "../listen/types.ts";
import type { Access } from "./access.ts";

/** Paths at which people look with a browser. */
const PAGES = new Set(["/", "/login"]);

/**
 * Refuses what a browser asks for a page of another site or origin, as an image or script of that page does without a
 * header `origin`. Browsers say so themselves, and no page can keep them from it. A person who follows a link to a page
 * of this server is let through, and so is a page of an origin that the operator allowed.
 */
export function refuseOtherSites(access: Access): (context: RequestContext) => void {
  return ({ request, url }) => {
    if (access.crossOrigin(request) === undefined) refuse(request, url.pathname);
  };
}

function refuse({ method, headers }: Request, path: string): void {
  const site = headers.get("sec-fetch-site");
  if (site === null || site === "same-origin" || site === "none") return;
  const isVisit = method === "GET" && headers.get("sec-fetch-mode") === "navigate" &&
    headers.get("sec-fetch-dest") === "document" && PAGES.has(path);
  if (!isVisit) throw new HttpError(403, "pages of other sites may not send this request");
}
