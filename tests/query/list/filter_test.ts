import { UsageError } from "../../../lib/base/errors.ts";
import { shorthandSql } from "../../../lib/query/list/shorthand.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");

Deno.test({
  name: "shorthandSql: what options stand for",
  permissions: "none",
  fn() {
    const where = (filter: Parameters<typeof shorthandSql>[0]) =>
      /WHERE (.*)$/.exec(shorthandSql({ ...filter, cols: ["id"] }, NOW))?.[1];
    assertEquals(where({}), undefined);
    assertEquals(where({ kind: "it's", status: "running" }), "kind = 'it''s' AND status = 'running'");
    assertEquals(where({ tags: ["a", "b"] }), "has_tag(tags, 'a') AND has_tag(tags, 'b')");
    assertEquals(where({ name: "mnist/*" }), "fits(name, 'mnist/*')");
    assertEquals(where({ since: "1d" }), `created_at >= ${NOW - 86_400_000}`);
    assertEquals(where({ since: "2026-01-31" }), `created_at >= ${Date.parse("2026-01-31")}`);
    assertEquals(where({ where: "age < '1h30m' or not tags = \"x\"" }), "age_ms < 5400000 OR NOT has_tag(tags, 'x')");
    assertEquals(where({ where: "created between '2026-01' and '2026-02-01T12:00Z'" })?.match(/\d+/g), [
      ...["2026-01-01", "2026-02-01T12:00Z"].map((text) => String(Date.parse(text))),
    ]);
    assertEquals(where({ where: "kind = 'a' or kind = 'b'", kind: "c" }), "kind = 'c' AND (kind = 'a' OR kind = 'b')");
    assertThrows(() => where({ since: "yesterday" }), UsageError, "2026-01-31");
    assertThrows(() => where({ where: "created > 'soon'" }), UsageError, "a time such as");
  },
});
