import { jsonOf } from "../../api/body.ts";
import { JSON_TYPE, MIB, nothing } from "../../api/parts.ts";
import { list, object } from "../../api/schema.ts";
import type { Call, Endpoint } from "../call.ts";
import { FILE } from "./parts.ts";

/** `POST /api/v1/flush` */
export const flush: Endpoint<Call> = {
  body: {
    type: JSON_TYPE,
    help: "the files",
    schema: object({ files: list(FILE, { maxItems: 10_000 }) }),
    bytes: 2 * MIB,
    examples: { none: { files: [] } },
  },
  answers: { 204: nothing("they are on disk") },
  errors: [404, 422, 507],

  async handle(call) {
    const { served: { extender, store }, gone } = call;
    const { files } = await jsonOf<{ readonly files: readonly string[] }>(call);
    await extender.flush(files.map((name) => store.path(name)), gone);
    return new Response(null, { status: 204 });
  },
};
