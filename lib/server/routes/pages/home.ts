import { page, UNCHANGED } from "../../api/parts.ts";
import { textAnswer } from "../../http/responses.ts";
import type { Call, Endpoint, OpenCall } from "../call.ts";
import { HOME_SCRIPT, homePage, htmlAnswer } from "./html.ts";

/** `GET /` */
export const home: Endpoint<Call> = {
  answers: { 200: page("a page") },
  handle: ({ services }) => htmlAnswer(homePage(services.access.asksForTokens)),
};

/** `GET /home.js` */
export const homeScript: Endpoint<OpenCall> = {
  answers: { 200: page("a script", "text/javascript"), 304: UNCHANGED },
  handle: ({ request }) => textAnswer(request, HOME_SCRIPT, { type: "text/javascript" }),
};
