import { keysFor, seriesMatcher } from "../../../lib/format/events/series_name.ts";
import { seriesOf } from "../../../lib/format/events/series_key.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("seriesMatcher: a name with a dot is found as it was logged, as in its key, and by a pattern", {
  permissions: "none",
}, () => {
  const [{ key }] = seriesOf({ event: "log", ts: 0, data: { "a b/c.d-e": 1 } });
  for (const name of ["a b/c.d-e", "log:a b/c.d-e", key, "a b/c\\.d-e", "*.d-e"]) {
    assertEquals(seriesMatcher(name)(key), true, name);
  }
  for (const name of ["c.d-e", "a b/c.d", "a b/c"]) assertEquals(seriesMatcher(name)(key), false, name);
  assertEquals(keysFor("m.x", ["log:m.x", "log:m\\.y"]), ["log:m.x"]);
});
