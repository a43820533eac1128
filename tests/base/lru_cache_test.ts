import { LruCache } from "../../lib/base/lru_cache.ts";
import { assertEquals } from "../assert.ts";

Deno.test("LruCache: lets go of what was asked for or set least recently", () => {
  const cache = new LruCache<string, number | undefined>(3);
  cache.set("a", 1).set("b", undefined).set("c", 3);
  assertEquals([cache.get("a"), cache.get("b"), cache.get("z")], [1, undefined, undefined]);
  cache.set("d", 4); // "c" was asked for least recently.
  assertEquals([...cache.keys()], ["a", "b", "d"]);
  cache.set("a", 5).set("e", 6);
  assertEquals([...cache], [["d", 4], ["a", 5], ["e", 6]]);
  assertEquals([cache.size, cache.has("b"), cache.delete("d"), cache.size], [3, false, true, 2]);
});
