import { pause } from "../../../base/time.ts";
import { DIGEST_DIGITS, MAX_BUCKETS } from "../../../protocol/inventory_digests.ts";
import { jsonOf } from "../../api/body.ts";
import { JSON_TYPE, LINES, MIB, PLAIN, VERSION } from "../../api/parts.ts";
import { count, object, text } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import { streamAnswer } from "../../http/responses.ts";
import type { InventoryQuestion } from "../../repository/inventories.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { inTurn } from "./store_call.ts";

/** Seconds that a client may wait for news. */
const MAX_WAIT_SECONDS = 60;
/** Milliseconds between two looks for something new. */
const NEWS_MS = 100;

/** A body, as its schema has it. */
interface Given {
  readonly buckets?: number;
  readonly digests?: string;
  readonly fresh?: boolean;
  readonly wait?: number;
}

/** `POST /api/v1/sync/inventory` */
export const inventory: Endpoint<StoreCall> = {
  help: "See SYNC.md.",
  parameters: [VERSION],
  body: {
    type: JSON_TYPE,
    help: "digests of the client's inventory",
    schema: object(
      {
        buckets: { type: "integer", minimum: 1, maximum: MAX_BUCKETS },
        digests: text(MAX_BUCKETS * DIGEST_DIGITS, { pattern: `^(?:[0-9a-f]{${DIGEST_DIGITS}})*$` }),
        fresh: { type: "boolean" },
        wait: count({ maximum: MAX_WAIT_SECONDS }),
      },
      [],
    ),
    bytes: 2 * MIB,
    required: false,
    examples: { all: {} },
  },
  answers: { 200: { help: "files", content: { [LINES]: PLAIN } } },
  errors: [404, 422],

  async handle(call) {
    const { request, files: { inventories, bulk }, client } = call;
    const { buckets = 1, digests: known = "", fresh = false, wait } = await jsonOf<Given>(call);
    if (known !== "" && known.length !== buckets * DIGEST_DIGITS) {
      throw new HttpError(422, "malformed digests");
    }
    const asked = { fresh, buckets, known };
    if (known !== "" && wait !== undefined) await untilNews(asked, wait, call);
    await bulk.cutAreTaken(client); // A program that was killed and started again goes on from there.
    return await inTurn(call, async (how) => {
      const pieces = inventories.answer(asked, how);
      // What prevents an answer altogether is reported before the answer begins.
      const first = await pieces.next();
      const all = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
        if (!first.done) yield first.value;
        yield* pieces;
      };
      return streamAnswer(request, ReadableStream.from(all()), LINES);
    });
  },
};

/** Waits for something that a client does not know, so many seconds at most. Nobody's turn is held meanwhile. */
async function untilNews(asked: InventoryQuestion, seconds: number, call: StoreCall): Promise<void> {
  const { files: { options: { changes }, bulk, inventories }, gone } = call;
  if (changes === undefined) return;
  const until = performance.now() + seconds * 1000;
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, bulk.ended, ...gone === undefined ? [] : [gone]]);
  let isChanged = true, wake = () => {};
  changes.watch(() => {
    isChanged = true;
    wake();
  }, signal);
  try {
    while (performance.now() < until && !signal.aborted) {
      if (isChanged) {
        isChanged = false;
        let differs = false;
        await inTurn(call, async (how) => {
          differs = await inventories.differs(asked, how);
          return new Response(null);
        });
        if (differs) return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, Math.max(0, until - performance.now()));
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (!isChanged) await promise;
      clearTimeout(timer);
      await pause(NEWS_MS); // Changes come in groups.
    }
  } finally {
    ended.abort();
  }
}
