import { createHash } from "node:crypto";
import { concat } from "../../base/bytes.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { objectName } from "../../format/layout/names.ts";
import { inventoryMap, withBulkFallback } from "../bulk_fallback.ts";
import { MemoryStore } from "../memory_store.ts";
import type { BulkStore } from "../store.ts";
import { decode, encode, expectEqual } from "./expect.ts";
import { EXPERIMENT, LOG, META, type Obligation, RUN } from "./obligation.ts";

/** The obligations of the methods for work in bulk, of the store's own or made of its others. */
export const BULK_OBLIGATIONS: readonly Obligation[] = [
  {
    title: "in bulk: what one store reads another one writes, and both then say the same",
    async run(store) {
      const [source, target] = [withBulkFallback(new MemoryStore()), withBulkFallback(store)];
      const big = new Uint8Array(3_000_000).map((_, at) => at * 7);
      const objects = [big, encode("small")].map((bytes) => [objectName(sha256(bytes)), bytes] as const);
      const wrong = objectName(sha256(encode("wrong"))).replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
      const line = encode(`{"event":"x","ts":1,"text":"${"y".repeat(700_000)}"}\n`);
      const files = new Map([
        [META, encode("{}")],
        [`${RUN}/meta.json`, encode("{}\n")],
        [LOG, concat([line, encode("one\n"), line, line, encode("torn")])],
        ...objects,
        [`${RUN}/empty.log.jsonl`, new Uint8Array()],
        [wrong, encode("wrong")],
      ]);
      for (const [name, data] of files) await source.create(name, data);
      const ranges = [...files.keys()].map((name) => ({ name, offset: 0 }));
      const gone = `${EXPERIMENT}/runs/0000000000gon/meta.json`;
      const report = await target.writeMany(source.readMany([...ranges, { name: gone, offset: 0 }]));
      expectEqual(report.setbacks.map(({ kind }) => kind).sort(), ["damaged", "failed"], "what was not written");
      const whole = files.get(LOG)!.subarray(0, -4);
      files.set(LOG, whole);
      for (const [name, bytes] of files) {
        if (bytes.length === 0 || name === wrong) expectEqual((await target.stat(name))?.size ?? 0, 0, name);
        else expectEqual(sha256(await target.read(name)), sha256(bytes), name);
      }
      await checkLists(target, objects[0][0], whole);
      // Again: nothing changes; a log goes on where it stopped.
      const again = await target.writeMany(source.readMany(ranges.slice(0, 5)));
      expectEqual(again.setbacks, [], "a repetition");
      await source.append(LOG, whole.length + 4, encode(" no more\nlast\n"));
      const rest = await target.writeMany(source.readMany([{ name: LOG, offset: whole.length }]));
      expectEqual([rest.files, rest.setbacks.length], [1, 0], "the rest of a log");
      expectEqual(sha256(await target.read(LOG)), sha256(await source.read(LOG)), "the log");
      await checkRefused(target);
      expectEqual(sha256(await target.read(LOG)), sha256(await source.read(LOG)), "the log after refusals");
    },
  },
];

/** What a store lists and hashes of what was written. */
async function checkLists(target: BulkStore, object: string, log: Uint8Array): Promise<void> {
  const seen = await inventoryMap(target);
  expectEqual(seen.get(LOG)?.size, log.length, "the listed size of a log");
  expectEqual(seen.get(object), { name: object, kind: "object", size: 3_000_000 }, "a listed object");
  for (const { name, kind } of seen.values()) expectEqual(kind, classifyPath(name), `the kind of ${name}`);
  const [all, some, none, over] = await target.hashPrefixes([
    { name: LOG },
    { name: LOG, length: 100 },
    { name: `${RUN}/none.log.jsonl` },
    { name: META, length: 99 },
  ]);
  expectEqual([all?.size, all?.lastLineEnd, all?.sha256], [log.length, log.length, sha256(log)], "the hash of a log");
  expectEqual(some?.sha256, sha256(log.subarray(0, 100)), "the hash of its beginning");
  expectEqual(none, undefined, "the hash of a file that is not there");
  expectEqual([over?.size, over?.sha256], [2, undefined], "the hash of more than there is");
}

/** Lines that differ from those that are there, and such as would leave a gap. */
async function checkRefused(target: BulkStore): Promise<void> {
  const size = (await target.stat(LOG))?.size;
  const bytes = encode("other\n");
  for (const [offset, kind, there] of [[5, "diverged", undefined], [99_000_000, "retry", size]] as const) {
    const chunk = { name: LOG, offset, bytes, end: true, size: offset + bytes.length };
    const { setbacks } = await target.writeMany(ReadableStream.from([[chunk]]));
    expectEqual(setbacks.map((issue) => [issue.kind, issue.size]), [[kind, there]], decode(bytes));
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
