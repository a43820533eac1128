import { FairQueue } from "../../../lib/server/listen/fair_queue.ts";
import { HttpError } from "../../../lib/server/http/http_error.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("FairQueue: each name has its share, waits for its own, and is refused beyond", async () => {
  const queue = new FairQueue({ each: 2, waiting: 1 });
  const [first] = [await queue.enter("a"), await queue.enter("a")];
  let entered = false;
  const third = queue.enter("a").finally(() => entered = true);
  const refusal = await assertRejects(() => queue.enter("a"), HttpError);
  assertEquals([refusal.status, refusal.headers["retry-after"]], [429, "2"]);
  await queue.enter("b");
  await soon();
  assertEquals(entered, false);
  first();
  first(); // Twice is as once.
  await third;
  await assertRejects(
    async () => {
      const left = new AbortController();
      const asked = queue.enter("a", left.signal);
      left.abort(new Error("it left"));
      return await asked;
    },
    Error,
    "it left",
  );
});

Deno.test("FairQueue: names take turns where there is not room for all", async () => {
  const queue = new FairQueue({ all: 1, each: 1, waiting: 10 });
  let leave = await queue.enter("a");
  const order: string[] = [];
  for (const name of ["a", "a", "a", "b", "b", "c"]) {
    void queue.enter(name).then((left) => {
      order.push(name);
      leave = left;
    });
  }
  for (let at = 0; at < 6; at++) {
    leave();
    await soon();
  }
  assertEquals(order.join(""), "abcaba");
});
