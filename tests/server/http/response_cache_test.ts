import { ResponseCache } from "../../../lib/server/http/response_cache.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("ResponseCache: an answer made of a file that changed this moment is not kept", async () => {
  await using folder = await scratch();
  const cache = new ResponseCache(new LocalStore(folder.path));
  const keep = async (changedAt: number): Promise<string | undefined> => {
    await Deno.writeTextFile(`${folder.path}/a`, "x");
    await Deno.utime(`${folder.path}/a`, new Date(changedAt), new Date(changedAt));
    cache.keep("key", { text: "answer", etag: "e", of: cache.stamps(["a"]) });
    return cache.get("key")?.text;
  };
  const now = Date.now();
  assertEquals(await keep(now + 60_000), undefined, "it could be written again without its time telling");
  assertEquals(await keep(now - 60_000), "answer");
  await Deno.writeTextFile(`${folder.path}/a`, "other");
  assertEquals(cache.get("key"), undefined);
});
