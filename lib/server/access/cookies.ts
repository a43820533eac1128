import { HttpError } from "../http/http_error.ts";
import type { RequestContext } from "../listen/types.ts";

/** Seconds for which a browser keeps its token. */
const KEPT_S = 30 * 86_400;

/** What of a request decides over cookies. */
type Way = Pick<RequestContext, "url" | "isSecure">;

/**
 * The cookie in which a browser keeps its token. Browsers send cookies to all ports of a host: its name has the port, so that
 * servers at different ports do not take each other's.
 */
export const Cookies = {
  /** Its name at the address that is asked. */
  nameOf({ url, isSecure }: Way): string {
    return `dbx_token_${url.port || (isSecure ? "443" : "80")}`;
  },

  /** The token in it, where a request has one. */
  tokenOf(asked: Way & Pick<RequestContext, "request">): string | undefined {
    const wanted = Cookies.nameOf(asked);
    for (const part of (asked.request.headers.get("cookie") ?? "").split(";")) {
      const at = part.indexOf("=");
      if (at < 0 || part.slice(0, at).trim() !== wanted) continue;
      try {
        return decodeURIComponent(part.slice(at + 1).trim()) || undefined;
      } catch {
        throw new HttpError(400, `the cookie ${wanted} is badly encoded`);
      }
    }
  },

  /** The header that sets it. */
  setting(way: Way, token: string): string {
    return `${Cookies.nameOf(way)}=${encodeURIComponent(token)}; ${attributes(way)}; Max-Age=${KEPT_S}`;
  },

  /** The header that removes it. */
  removing(way: Way): string {
    return `${Cookies.nameOf(way)}=; ${attributes(way)}; Max-Age=0`;
  },
};

function attributes({ isSecure }: Way): string {
  return `HttpOnly; SameSite=Strict; Path=/${isSecure ? "; Secure" : ""}`;
}
