import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local.ts";
import { bucketOf, bucketsFor, digest } from "../../lib/store/remote/digests.ts";
import { inBulk, inventoryMap } from "../../lib/store/bulk.ts";
import { assert, assertEquals } from "../assert.ts";

const golden = decodeURIComponent(new URL("../fixtures/v1", import.meta.url).pathname);
const spec = await Deno.readTextFile(new URL("../../lib/sync/SYNC.md", import.meta.url));

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
      const own = await inventoryMap(inBulk(new LocalStore(golden)));
      own.delete("vision/resnet/0resnet0exp01/meta.json");
      question = body.replace("…", digest(own.values(), 16).digests.join(""));
    }
    const request = new Request(`http://h/api/v1/${route}`, { method, body: question === "" ? undefined : question });
    const response = await routes(request);
    assertEquals(response.status, Number(status));
    const said = (await response.text()).trim().split("\n");
    for (const line of answer.trim().split("\n")) {
      // The times of the fixtures are those of their checkout, and a bucket holds others too.
      const fits = (text: string) => text.replace(/,\d{13}\]/, ",T]").replace(/"end":\d+/, `"end":N`);
      assert(said.some((own) => fits(own) === fits(line)), `${line} in ${said}`);
    }
    count++;
  }
  assertEquals(count, 3);
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
