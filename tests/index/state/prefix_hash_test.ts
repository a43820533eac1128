import { PrefixProof, proofOfBytes } from "../../../lib/index/state/prefix_hash.ts";
import type { IndexedLog } from "../../../lib/index/state/indexed_logs.ts";
import { MemoryStore } from "../../../lib/store/memory_store.ts";
import { assertEquals } from "../../assert.ts";

const LOG = "0000000000exp/runs/0000000000run/log.jsonl";

/** Whether a log behind a network counts as the one that was indexed, after it was changed at a place and has grown. */
async function isStill(changed: number | undefined): Promise<boolean> {
  const indexed = new TextEncoder().encode(`{"event":"e","ts":1}\n`.repeat(1000));
  const known = { to: indexed.length, ...proofOfBytes(indexed), parts: [] } as unknown as IndexedLog;
  const now = new Uint8Array(indexed.length + 21);
  now.set(indexed);
  now.set(indexed.subarray(0, 21), indexed.length);
  if (changed !== undefined) now[changed] ^= 1;
  const inner = new MemoryStore();
  await inner.append(LOG, 0, now);
  const capabilities = { ...inner.capabilities, remote: true };
  const store = new Proxy(inner, {
    get: (target, name) => {
      if (name === "capabilities") return capabilities;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return await new PrefixProof(store).isStill(known, { path: LOG, size: now.length, modifiedAt: 1 } as never);
}

Deno.test({
  name: "PrefixProof: behind a network, a change at either end of a log that grew is noticed",
  permissions: "none",
}, async () => {
  assertEquals(await isStill(undefined), true);
  assertEquals(await isStill(0), false, "the first byte");
  assertEquals(await isStill(4095), false, "the last byte of the head");
  assertEquals(await isStill(20_999), false, "the last byte of what was indexed");
  assertEquals(await isStill(21_000), true, "what came since then may be anything");
});
