import { assertEquals, assertRejects } from "@std/assert";
import { rowsOfBatch } from "../../../lib/query/session/batch_rows.ts";
import { UnsupportedAtRuntime } from "../../../lib/query/columns/fallback.ts";
import type { Batch } from "../../../lib/query/vectors/vector.ts";
import { runOrFallBack } from "../../../lib/query/session/run_or_fall_back.ts";

const BATCH: Batch = {
  count: 3,
  columns: [
    { kind: "number", type: "integer", data: new Float64Array([1, NaN, 3]) },
    { kind: "text", codes: new Int32Array([0, -1, 1]), words: ["a", "b"] },
    { kind: "any", values: [2n ** 60n, null, 5n] },
    { kind: "constant", value: new Uint8Array([1]) },
  ],
};

/** Batches that end with an error behind some of them. */
async function* failing(after: number, error: Error): AsyncGenerator<Batch> {
  for (let i = 0; i < after; i++) yield await Promise.resolve(BATCH);
  throw error;
}

Deno.test("runOrFallBack: no row is given out before the last batch could fail", async () => {
  for (let after = 0; after < 4; after++) {
    const found = await runOrFallBack(failing(after, new UnsupportedAtRuntime("a whole number beyond 2^53")));
    assertEquals(found, { kind: "fallback", reason: "a whole number beyond 2^53" });
  }
  await assertRejects(() => runOrFallBack(failing(1, new RangeError("a fault"))), RangeError, "a fault");
});

Deno.test("runOrFallBack: an answer too large for memory is SQLite's", async () => {
  const two = async function* () {
    yield BATCH;
    yield await Promise.resolve(BATCH);
  };
  assertEquals((await runOrFallBack(two(), 24)).kind, "batches");
  assertEquals((await runOrFallBack(two(), 23)).kind, "fallback");
});

Deno.test("rowsOfBatch: values as an answer gives them", () => {
  const bytes = new Uint8Array([1]);
  assertEquals(rowsOfBatch(BATCH, [true, false, false, false]), [
    [1, "a", 2n ** 60n, bytes],
    [NaN, null, null, bytes],
    [3, "b", 5, bytes],
  ]);
});
