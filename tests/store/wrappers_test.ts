import { UnreachableError } from "../../lib/base/errors.ts";
import { withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { type StoreCall, withLog } from "../../lib/store/wrappers/logged_store.ts";
import { withProgress } from "../../lib/store/wrappers/progress_store.ts";
import { withRateLimit } from "../../lib/store/wrappers/rate_limited_store.ts";
import { withRetry } from "../../lib/store/wrappers/retrying_store.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { testStore } from "./contract.ts";
import { faultStore } from "./fault_store.ts";

const disposable = <S extends object>(store: S) => {
  return Promise.resolve(Object.assign(store, { [Symbol.asyncDispose]: () => Promise.resolve() }));
};

testStore("withRetry, withLog", () => disposable(withRetry(withLog(new MemoryStore(), () => {}))));

const META = "a/0000000000exp/meta.json";

Deno.test("withRateLimit, withProgress: nothing is lost or changed by a limit, and it holds", async () => {
  const bytes = new Uint8Array(30_000).map((_, at) => at);
  const chunks = async function* (): AsyncGenerator<readonly FileChunk[], void> {
    for (const name of ["a", "b"]) {
      yield await Promise.resolve([{ name, offset: 7, bytes, end: true, size: 30_007, modifiedAt: 5 }]);
    }
  };
  const seen: FileChunk[] = [];
  const into = wrapStore(withBulkFallback(new MemoryStore()), {
    async writeMany(chunks) {
      for await (const batch of chunks) seen.push(...batch);
      return { files: 2, bytes: 60_000, setbacks: [] };
    },
  });
  let counted = 0, files = 0;
  const counting = withProgress(into, (bytes, ended) => (counted += bytes, files += ended));
  const from = performance.now();
  await withRateLimit(counting, 200_000).writeMany(chunks());
  assert(performance.now() - from > 250, "60,000 bytes at 200,000 a second");
  assertEquals([counted, files], [60_000, 2]);
  let at = 7;
  for (const chunk of seen.filter(({ name }) => name === "b")) {
    assertEquals(chunk.offset, at);
    at += chunk.bytes.length;
    assertEquals(chunk.end, at === 30_007);
  }
  assertEquals(at, 30_007);
});

Deno.test("withRetry: what failed for now is done again, what cannot be helped is not", async () => {
  const { store, faults, calls } = faultStore(new MemoryStore());
  await store.create(META, new TextEncoder().encode("{}"));
  let failures = 2;
  faults.before = () => {
    if (failures-- > 0) throw new UnreachableError("Cannot reach it");
  };
  const retrying = withRetry(store, { pauseMs: 1 });
  assertEquals((await retrying.stat(META))?.size, 2);
  assertEquals(calls.filter((call) => call === "stat").length, 3);
  failures = 5;
  await assertRejects(() => retrying.read(META), UnreachableError);
  assertEquals(calls.filter((call) => call === "read").length, 4);
  failures = 0;
  await assertRejects(() => retrying.read("a/none"));
  assertEquals(calls.filter((call) => call === "read").length, 5);
});

Deno.test("withLog: each call is reported, with its error", async () => {
  const calls: StoreCall[] = [];
  const store = withLog(new MemoryStore(), (call) => calls.push(call));
  await store.stat(META);
  await assertRejects(() => store.read(META));
  assertEquals(calls.map(({ method, name, error }) => [method, name, error !== undefined]), [
    ["stat", META, false],
    ["read", META, true],
  ]);
});
