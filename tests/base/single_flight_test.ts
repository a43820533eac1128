import { SingleFlight } from "../../lib/base/single_flight.ts";
import { assertEquals, assertRejects } from "../assert.ts";

/** Work that ends when it is told to, and counts how often it was begun. */
function counted() {
  const ends: PromiseWithResolvers<void>[] = [];
  const signals: AbortSignal[] = [];
  const shared = new SingleFlight(async (signal) => {
    const end = Promise.withResolvers<void>();
    const at = ends.push(end);
    signals.push(signal);
    signal.addEventListener("abort", () => end.reject(signal.reason));
    await end.promise;
    return at;
  });
  return { shared, ends, signals };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("SharedWork: who asks while it runs shares the next one", async () => {
  const { shared, ends } = counted();
  const first = [shared.fresh(), shared.fresh()];
  await soon();
  const second = [shared.fresh(), shared.fresh()];
  await soon();
  assertEquals(ends.length, 1);
  ends[0].resolve();
  assertEquals(await Promise.all(first), [1, 1]);
  await soon();
  ends[1].resolve();
  assertEquals(await Promise.all(second), [2, 2]);
  assertEquals(ends.length, 2);
});

Deno.test("SharedWork: it stops when nobody waits any more, and not before", async () => {
  const { shared, signals } = counted();
  const [one, two] = [new AbortController(), new AbortController()];
  const asked = [shared.fresh(one.signal), shared.fresh(two.signal)];
  await soon();
  one.abort();
  await assertRejects(() => asked[0]);
  assertEquals(signals[0].aborted, false);
  two.abort();
  await assertRejects(() => asked[1]);
  assertEquals(signals[0].aborted, true);
});

Deno.test("SharedWork: what nobody waits for is never begun, and who comes later has its own", async () => {
  const { shared, ends } = counted();
  const first = shared.fresh();
  await soon();
  const left = new AbortController();
  const abandoned = shared.fresh(left.signal);
  left.abort();
  await assertRejects(() => abandoned);
  const later = shared.fresh();
  ends[0].reject(new Error("it failed"));
  await assertRejects(() => first, Error, "it failed");
  await soon();
  assertEquals(ends.length, 2);
  ends[1].resolve();
  assertEquals(await later, 2);
});
