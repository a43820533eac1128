import { concat } from "../../lib/base/bytes.ts";
import { chunksOf } from "../../lib/store/file_chunks.ts";
import { assert, assertEquals } from "../assert.ts";

const MiB = 1024 * 1024;

/** The parts of a log that is in memory, and how many bytes were read for them. */
async function partsOfLog(bytes: Uint8Array, offset = 0) {
  let count = 0;
  const read = (from: number, length: number) => {
    count += length;
    return bytes.slice(from, from + length);
  };
  const reading = { name: "0exp/runs/0run/log.jsonl", kind: "log" as const, offset, size: bytes.length, read };
  return { parts: await Array.fromAsync(chunksOf(reading)), count: () => count };
}

Deno.test("chunksOf: lines of any length come whole, wherever the pieces that are read end", async () => {
  const line = (length: number) => new Uint8Array(length).fill(120, 0, length - 1).fill(10, length - 1);
  for (const lengths of [[10], [MiB], [MiB - 1, 2], [3 * MiB + 7, 5, 2 * MiB], [5 * MiB, 1, 1, MiB + 1]]) {
    for (const torn of [0, 3, MiB + 3]) {
      for (const offset of [0, 1]) {
        const bytes = concat([...lengths.map(line), new Uint8Array(torn).fill(121)]);
        const { parts } = await partsOfLog(bytes, offset);
        const whole = bytes.slice(offset, bytes.length - torn);
        assertEquals(concat(parts.map((part) => part.bytes)).length, whole.length);
        let at = offset;
        for (const part of parts) {
          assertEquals([part.offset, part.error], [at, undefined]);
          assert(part.bytes.length === 0 || part.bytes.at(-1) === 10, "a part ends in the middle of a line");
          at += part.bytes.length;
        }
        assertEquals(parts.map(({ end }) => end), parts.map((_, index) => index === parts.length - 1));
      }
    }
  }
});

Deno.test("chunksOf: a line of 128 MiB takes time by its length, not by its square", async () => {
  const long = new Uint8Array(128 * MiB).fill(120);
  long[long.length - 1] = 10;
  const from = performance.now();
  const { parts, count } = await partsOfLog(long);
  const took = performance.now() - from;
  assertEquals([parts.length, parts[0].bytes.length, count()], [1, long.length, long.length]);
  // What a copy of all of it takes; before, it was copied 64 times.
  const before = performance.now();
  concat([long.subarray(0, 64 * MiB), long.subarray(64 * MiB)]);
  const once = performance.now() - before;
  assert(took < 20 * Math.max(once, 50), `${took} ms, where a copy takes ${once} ms`);
});
