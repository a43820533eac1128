import { jsonOf } from "../../api/body.ts";
import { JSON_TYPE, MIB, nothing, VERSION } from "../../api/parts.ts";
import { count, list, object } from "../../api/schema.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { FILE, MAX_ITEMS, tuple } from "./parts.ts";
import { checkName, guardOf, inTurn } from "./store_call.ts";

/** The last millisecond that a date can name. */
const LATEST = 8.64e15;

/** A body, as its schema has it. */
interface Given {
  readonly files: readonly (readonly [name: string, size: number, modifiedAt: number])[];
}

/** `POST /api/v1/sync/settle` */
export const settle: Endpoint<StoreCall> = {
  parameters: [VERSION],
  body: {
    type: JSON_TYPE,
    help: "names, sizes and times",
    schema: object({
      files: list({ ...tuple(FILE, count(), { type: "integer", minimum: -LATEST, maximum: LATEST }), minItems: 3 }, {
        maxItems: MAX_ITEMS,
      }),
    }),
    bytes: 16 * MIB,
    examples: { none: { files: [] } },
  },
  answers: { 204: nothing("the times were set") },
  errors: [404, 409, 422, 507],

  handle: (call) =>
    inTurn(call, async () => {
      const { files } = await jsonOf<Given>(call);
      const entries = files.map(([name, size, modifiedAt]) => ({ name: checkName(name, call), size, modifiedAt }));
      await call.files.store.setModifiedTimes(entries, { guard: guardOf(call) });
      return new Response(null, { status: 204 });
    }),
};
