import { Cookies } from "../../access/cookies.ts";
import { jsonOf } from "../../api/body.ts";
import { JSON_TYPE } from "../../api/parts.ts";
import { object, text } from "../../api/schema.ts";
import { TOKEN } from "../../api/schemas.ts";
import type { Endpoint, OpenCall } from "../call.ts";

/** `POST /api/v1/session` */
export const login: Endpoint<OpenCall> = {
  help: "Scripts cannot read the cookie.",
  body: {
    type: JSON_TYPE,
    help: "the token",
    schema: object({ token: TOKEN }),
    bytes: 4096,
    examples: { token: { token: "a token" } },
  },
  answers: {
    204: {
      help: "the cookie is set if the server requires tokens",
      headers: { "set-cookie": { help: "the cookie", schema: text(4096) } },
    },
  },
  errors: [401],

  async handle(call) {
    const { context, access } = call;
    access.checkOrigin(context);
    const { token } = await jsonOf<{ readonly token: string }>(call);
    if (!access.asksForTokens) return new Response(null, { status: 204 });
    // It is checked as any other, and costs what a wrong one costs.
    await access.admitToken(token, context.address);
    return new Response(null, { status: 204, headers: { "set-cookie": Cookies.setting(context, token) } });
  },
};

/** `DELETE /api/v1/session` */
export const logout: Endpoint<OpenCall> = {
  answers: {
    204: {
      help: "the cookie was removed",
      headers: { "set-cookie": { help: "an expired cookie", schema: text(4096), required: true } },
    },
  },

  handle({ context, access }) {
    access.checkOrigin(context);
    return new Response(null, { status: 204, headers: { "set-cookie": Cookies.removing(context) } });
  },
};
