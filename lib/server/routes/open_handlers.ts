import { type Access, checkToken } from "../access/access.ts";
import { textAnswer } from "../http/responses.ts";
import { jsonOf } from "../api/body.ts";
import { openApi } from "../api/document.ts";
import type { OpenOperation } from "../api/operations.ts";
import { Cookies } from "../access/cookies.ts";
import { HOME_SCRIPT, LOGIN_PAGE, LOGIN_SCRIPT, page } from "./pages.ts";
import { textOf } from "../http/request_body.ts";
import type { RequestContext } from "../listen/types.ts";

/** Answers what needs no token. */
type OpenHandler = (asked: RequestContext, access: Access) => Promise<Response> | Response;

/** The document that was asked for last: whoever may ask for it without a token does not have it made each time. */
let last: { readonly key: string; readonly text: string } | undefined;

function documentFor(needsTokens: boolean, cookie: string): string {
  const key = `${needsTokens} ${cookie}`;
  if (last?.key !== key) last = { key, text: JSON.stringify(openApi({ needsTokens, cookie })) + "\n" };
  return last.text;
}

/** The handlers of operations that need no token. */
export const OPEN_HANDLERS: Readonly<Record<OpenOperation, OpenHandler>> = {
  health: () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),

  openapi: (asked, access) => textAnswer(asked.request, documentFor(access.asksForTokens, Cookies.nameOf(asked))),

  login_page: () => page(LOGIN_PAGE),
  login_script: ({ request }) => textAnswer(request, LOGIN_SCRIPT, { type: "text/javascript" }),
  home_script: ({ request }) => textAnswer(request, HOME_SCRIPT, { type: "text/javascript" }),

  async login(asked, access) {
    access.checkOrigin(asked);
    const token = checkToken(textOf(await jsonOf("login", asked.request), "token") ?? "");
    if (!access.asksForTokens) return new Response(null, { status: 204 });
    // It is checked as any other, and costs what a wrong one costs.
    await access.admitToken(token, asked.address);
    return new Response(null, { status: 204, headers: { "set-cookie": Cookies.setting(asked, token) } });
  },

  logout(asked, access) {
    access.checkOrigin(asked);
    return new Response(null, { status: 204, headers: { "set-cookie": Cookies.removing(asked) } });
  },
};
