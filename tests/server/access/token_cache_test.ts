import { TokenCache } from "../../../lib/server/access/token_cache.ts";
import { hashToken, TokenFile } from "../../../lib/server/access/token_file.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("TokenCache: what another process adds or removes counts within half a second", async () => {
  await using folder = await scratch();
  const file = new TokenFile(`${folder.path}/tokens.json`);
  let now = 0;
  const cache = new TokenCache(file, () => {}, () => now);
  const alice = hashToken(file.add("alice", "write", 1));
  assertEquals(cache.find(alice)?.name, "alice");
  const bob = hashToken(file.add("bob", "read", 1));
  file.remove("alice");
  now = 500;
  assertEquals([cache.find(alice)?.name, cache.find(bob)?.name], [undefined, "bob"]);
});
