import { FrameEncoder } from "../../../protocol/frames.ts";
import type { BulkOptions } from "../../../store/store.ts";
import { jsonOf } from "../../api/body.ts";
import { BYTES, JSON_TYPE, MIB, PLAIN, VERSION } from "../../api/parts.ts";
import { count, list, object } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { FILE, MAX_ITEMS, tuple } from "./parts.ts";
import { checkName, inTurn } from "./store_call.ts";

/** A body, as its schema has it. */
interface Given {
  readonly wants: readonly (readonly [name: string, offset: number])[];
}

/** `POST /api/v1/sync/give` */
export const give: Endpoint<StoreCall> = {
  parameters: [VERSION],
  body: {
    type: JSON_TYPE,
    help: "names and offsets",
    schema: object({ wants: list({ ...tuple(FILE, count()), minItems: 2 }, { maxItems: MAX_ITEMS }) }),
    bytes: 16 * MIB,
    examples: { none: { wants: [] } },
  },
  answers: { 200: { help: "frames", content: { [BYTES]: PLAIN } } },
  errors: [404, 409, 422],

  handle: (call) =>
    inTurn(call, async (how) => {
      const { wants } = await jsonOf<Given>(call);
      const headers = { "content-type": "application/octet-stream", "cache-control": "no-store" };
      return new Response(ReadableStream.from(framesOf(call, wants, how)), { headers });
    }),
};

function framesOf(
  call: StoreCall,
  given: Given["wants"],
  how: BulkOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { store, options } = call.files;
  const names = new Set<string>();
  const wants = given.map(([name, offset]) => {
    if (names.has(name)) throw new HttpError(400, "a file is requested twice");
    names.add(name);
    return { name: checkName(name, call), offset };
  });
  const frames = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const encoder = new FrameEncoder();
    for await (const batch of store.readMany(wants, how)) {
      for (const part of batch) {
        const { error } = part;
        const isPlain = error === undefined || options.hide === undefined;
        yield* encoder.encode(isPlain ? part : { ...part, error: options.hide(error) });
      }
    }
    yield encoder.last();
  };
  return frames();
}
