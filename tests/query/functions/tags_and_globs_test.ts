import { DatabaseSync } from "node:sqlite";
import { SCALAR_FUNCTIONS } from "../../../lib/query/functions/all.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("has_tag: whole texts of a JSON array, NULL for NULL", () => {
  const { compute } = SCALAR_FUNCTIONS.get("has_tag")!;
  assertEquals(compute('["best","a\\"b"]', "best"), 1n);
  assertEquals(compute('["best","a\\"b"]', 'a"b'), 1n);
  assertEquals(compute('["best"]', "bes"), 0n);
  assertEquals(compute('["best"]', "Best"), 0n);
  assertEquals(compute("[]", "best"), 0n);
  assertEquals(compute('{"best":1}', "best"), 0n);
  assertEquals(compute("not JSON", "best"), 0n);
  assertEquals(compute(null, "best"), null);
});

Deno.test("SCALAR_FUNCTIONS: what is dbx's own is no function of SQLite, and is given to it", () => {
  using db = new DatabaseSync(":memory:");
  const builtIn = db.prepare("SELECT name FROM pragma_function_list").all().map(({ name }) => name);
  for (const { name, isOwn, isGiven } of SCALAR_FUNCTIONS.values()) {
    if (isOwn) assert(isGiven && !builtIn.includes(name), name);
  }
});
