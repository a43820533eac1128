import { readBody } from "../../../lib/server/http/read_body.ts";
import { HttpError } from "../../../lib/server/http/http_error.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";

/** A request whose body comes in pieces, each after some milliseconds; then nothing, for ever where `ends` is false. */
function request(pieces: readonly (readonly [ms: number, text: string])[], ends: boolean): Request {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      for (const [ms, text] of pieces) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        try {
          controller.enqueue(new TextEncoder().encode(text));
        } catch {
          return; // Nobody reads on.
        }
      }
      if (ends) controller.close();
    },
  });
  return new Request("http://h/", { method: "POST", body });
}

Deno.test("readBody: a body that stops coming is given up; a slow one that comes is read", async () => {
  const limits = { bytes: 100, idleTimeoutMs: 150 };
  const slow = request([[60, "a"], [60, "b"], [60, "c"], [60, "d"]], true);
  assertEquals(new TextDecoder().decode(await readBody(slow, limits)), "abcd");
  const from = performance.now();
  const error = await assertRejects(() => readBody(request([[1, "a"]], false), limits), HttpError, "too slowly");
  assertEquals(error.status, 408);
  assert(performance.now() - from < 2000);
  const large = await assertRejects(() => readBody(request([[1, "x".repeat(101)]], true), limits), HttpError);
  assertEquals(large.status, 413);
});
