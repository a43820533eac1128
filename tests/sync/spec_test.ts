import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AmbiguousError, DamageError, DbxError, NotFoundError, UsageError } from "../../lib/base/errors.ts";
import { QueryError } from "../../lib/query/result/query_error.ts";
import { errorToJson, LimitError } from "../../lib/protocol/error_json.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { bucketOf, bucketsFor, digest } from "../../lib/protocol/inventory_digests.ts";
import { decodeParts, FrameEncoder } from "../../lib/protocol/frames.ts";
import { contentDigest, requestCheck, statCheck } from "../../lib/protocol/integrity.ts";
import { concat } from "../../lib/base/bytes.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { assert, assertEquals } from "../assert.ts";

const golden = decodeURIComponent(new URL("../fixtures/v1", import.meta.url).pathname);
const spec = await Deno.readTextFile(new URL("../../lib/docs/SYNC.md", import.meta.url));

Deno.test("SYNC.md: its examples are what the golden repository answers", async () => {
  const routes = storeRoutes(new LocalStore(golden, { readOnly: true }), { readOnly: true });
  let count = 0;
  for (
    const [, method, route, body, status, answer] of spec.matchAll(
      /^```text\n(\w+) (\S+) ?(.*)\n(\d+)\n([\s\S]*?)^```$/gm,
    )
  ) {
    let question = body;
    if (route === "sync/inventory") {
      // All is known but one file: only its bucket is told.
      const own = await inventoryMap(withBulkFallback(new LocalStore(golden)));
      own.delete("vision/resnet/0resnet0exp01/meta.json");
      question = body.replace("…", digest(own.values(), 16).digests.join(""));
    }
    const headers = { "dbx-protocol": "1" };
    const request = new Request(`http://h/api/v1/${route}`, {
      method,
      headers,
      body: question === "" ? undefined : question,
    });
    const response = await routes(request);
    assertEquals(response.status, Number(status));
    const text = await response.text();
    assertChecked(route, text, response);
    const said = text.trim().split("\n");
    for (const line of answer.trim().split("\n")) {
      // The times of the fixtures are those of their checkout, and a bucket holds others too.
      const fits = (text: string) => text.replace(/,\d{13}\]/, ",T]").replace(/"end":\d+,"sha256":"[^"]+"/, `"end":N`);
      assert(said.some((own) => fits(own) === fits(line)), `${line} in ${said}`);
    }
    count++;
  }
  assertEquals(count, 4);
});

Deno.test("SYNC.md: checksums and frames are what it says", async () => {
  const has = (check: string) => assert(spec.includes(`\`${check}\``), check);
  has(requestCheck("POST", "http://h/api/v1/sync/prove", null));
  has(requestCheck("GET", "http://h/x/repos/lab/api/v1/files/dbx.json", "bytes=0-99"));
  has(statCheck("file", "410", "1767258004000"));
  has(contentDigest(new TextEncoder().encode("{}")));
  const bytes = new TextEncoder().encode(`{"event":"a","ts":1}\n`);
  const name = "0000000000exp/runs/0000000000run/log.jsonl";
  const part = { name, offset: 0, bytes, end: true, size: bytes.length, modifiedAt: 1767258004000 };
  const encoder = new FrameEncoder();
  const [, hex] = /^```hex\n([\s\S]*?)^```$/m.exec(spec)!;
  assertEquals(hex.trim().split("\n"), [...encoder.encode(part), encoder.last()].map((frame) => frame.toHex()));
  // Read by the letter of the page, without the code that wrote it.
  const all = Uint8Array.fromHex(hex.replaceAll("\n", ""));
  const checks: Uint8Array[] = [];
  for (let at = 0; at < all.length;) {
    const view = new DataView(all.buffer, at);
    const [head, length] = [view.getUint32(0), view.getUint32(4)];
    const end = at + 8 + head + length;
    assertEquals(crc32(all.subarray(at, end)), view.getUint32(end - at));
    const json = JSON.parse(new TextDecoder().decode(all.subarray(at + 8, at + 8 + head)));
    if (json.last) {
      assertEquals([json.frames, json.check], [checks.length, crc32(concat(checks)).toString(16).padStart(8, "0")]);
    } else assertEquals(all.slice(at + 8 + head, end), bytes);
    checks.push(all.subarray(end, end + 4));
    at = end + 4;
  }
  const decoded = await Array.fromAsync(decodeParts(ReadableStream.from([all]), { who: "the page" }));
  assertEquals(decoded, [[part]]);
});

Deno.test("SYNC.md: the lines of a bucket and their digest", () => {
  const [, said, lines] = /one bucket with the digest `(\w+)`:\n\n```jsonl\n([\s\S]*?)^```$/m.exec(spec)!;
  // By the letter of the page, and by our code.
  assertEquals(createHash("sha256").update(lines).digest("hex").slice(0, 16), said);
  const entries = lines.trim().split("\n").map((line) => {
    const [name, size, modifiedAt] = JSON.parse(line);
    return { name, size, modifiedAt };
  });
  assertEquals(digest(entries.toReversed(), 1).digests, [said]);
});

Deno.test("SYNC.md: buckets", () => {
  assertEquals(bucketOf("vision/resnet/0resnet0exp01/meta.json", 16), 13);
  for (const files of [0, 1, 10, 1000, 100_000]) {
    const buckets = bucketsFor(files);
    assert(
      buckets >= 2 * Math.sqrt(files) && Number.isInteger(Math.log2(buckets)) && buckets < 4 * Math.sqrt(files + 1) + 1,
    );
  }
  const name = "größe/日本語 🚀/2unicode0exp3/meta.json";
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  assertEquals(bucketOf(name, 1000), hash % 1000);
});

/** Every answer has the checksum that the page says. */
function assertChecked(route: string, text: string, response: Response): void {
  if (route !== "sync/inventory") {
    assertEquals(response.headers.get("content-digest"), contentDigest(new TextEncoder().encode(text)));
    return;
  }
  const end = text.trimEnd().lastIndexOf("\n") + 1;
  const sha256 = createHash("sha256").update(text.slice(0, end)).digest("hex");
  assertEquals(JSON.parse(text.slice(end)).sha256, sha256);
}

Deno.test("SYNC.md: the kinds of errors are those that are told", () => {
  const [, row] = /^\| `kind` +\| (`query`.*?) +\|$/m.exec(spec)!;
  const errors = [
    new QueryError("x", "SELECT"),
    new LimitError("x"),
    new UsageError("x"),
    new NotFoundError("x"),
    new AmbiguousError("x", []),
    new DamageError("x"),
    new DbxError("x"),
  ];
  assertEquals(
    Array.from(row.matchAll(/`([\w-]+)`/g), ([, kind]) => kind),
    errors.map((one) => String(errorToJson(one)?.kind)),
  );
});
