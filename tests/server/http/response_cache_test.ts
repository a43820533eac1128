import { ResponseCache } from "../../../lib/server/http/response_cache.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("ResponseCache: an answer made of a file that changed this moment is not kept", async () => {
  await using folder = await scratch();
  await Deno.writeTextFile(`${folder.path}/a`, "x");
  const changedAt = (await Deno.stat(`${folder.path}/a`)).mtime!.getTime();
  let now = changedAt + 50;
  const cache = new ResponseCache(new LocalStore(folder.path), () => now);
  const keep = (): string | undefined => {
    cache.keep("key", { text: "answer", etag: "e", of: cache.stamps(["a"]) });
    return cache.get("key")?.text;
  };
  assertEquals(keep(), undefined, "it could be written again without its time telling");
  now = changedAt + 1000;
  assertEquals(keep(), "answer");
  await Deno.writeTextFile(`${folder.path}/a`, "other");
  assertEquals(cache.get("key"), undefined);
});
