import { page, UNCHANGED } from "../../api/parts.ts";
import { textAnswer } from "../../http/responses.ts";
import type { Endpoint, OpenCall } from "../call.ts";
import { htmlAnswer, LOGIN_PAGE, LOGIN_SCRIPT } from "./html.ts";

/** `GET /login` */
export const loginPage: Endpoint<OpenCall> = {
  answers: { 200: page("a page") },
  handle: () => htmlAnswer(LOGIN_PAGE),
};

/** `GET /login.js` */
export const loginScript: Endpoint<OpenCall> = {
  answers: { 200: page("a script", "text/javascript"), 304: UNCHANGED },
  handle: ({ request }) => textAnswer(request, LOGIN_SCRIPT, { type: "text/javascript" }),
};
