import type { JsonObject } from "../../../base/json.ts";
import { VERSION } from "../../../base/version.ts";
import { json, UNCHANGED } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { jsonAnswer } from "../../http/responses.ts";
import type { ServedRepository } from "../../repository/served_repository.ts";
import type { Call, Endpoint } from "../call.ts";

/** `GET /api/v1` */
export const about: Endpoint<Call> = {
  answers: { 200: json("`repository` is the one at this address", named("About")), 304: UNCHANGED },

  async handle({ request, served, grant: { role, name, token }, services }) {
    // The repositories that the token opens, and no others.
    const opened = services.served.filter((one) =>
      token === "" || services.access.grantOf(token, one.tokens) !== undefined
    );
    return await jsonAnswer(request, {
      dbx: VERSION,
      role,
      ...(name !== undefined && { token: name }),
      repository: await describe(served),
      repositories: await Promise.all(opened.map(describe)),
    });
  },
};

async function describe(served: ServedRepository): Promise<JsonObject> {
  const repository = await served.repository().catch(() => undefined);
  return {
    name: served.name,
    at: `/repos/${encodeURIComponent(served.name)}/api/v1`,
    ...(repository?.id !== undefined && { id: repository.id }),
    ...(repository !== undefined && { version: repository.version }),
    readOnly: served.readOnly,
  };
}
