import { applyChanges, diffRows } from "../../lib/live/diff.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { Random, testSeed } from "../format/random.ts";

Deno.test(
  { name: "diffRows: applied to the old rows it gives the new ones, for random lists", permissions: "none" },
  () => {
    const random = new Random(testSeed());
    for (let turn = 0; turn < 3000; turn++) {
      const list = () => Array.from({ length: Math.floor(random.next() * 12) }, () => random.pick([..."abcdef"]));
      const before = list();
      const after = random.next() < 0.5 ? list() : before.filter(() => random.next() < 0.8);
      const changes = diffRows(before, after);
      assertEquals(applyChanges(before, changes), after, JSON.stringify({ before, after, changes }));
      for (const [at, change] of changes.entries()) {
        assert(change.removed > 0 || change.rows.length > 0);
        if (at > 0) assert(change.at > changes[at - 1].at, "in order");
      }
    }
  },
);

Deno.test({ name: "diffRows: one row that is other names that row alone", permissions: "none" }, () => {
  const before = Array.from({ length: 1000 }, (_, at) => `r${at}`);
  const after = before.with(500, "x");
  assertEquals(diffRows(before, after), [{ at: 500, removed: 1, rows: ["x"] }]);
  assertEquals(diffRows(before, before), []);
  assertThrows(() => applyChanges(["a"], [{ at: 3, removed: 0, rows: [] }]), RangeError);
});

Deno.test({ name: "diffRows: rows that stay in their order are not sent again", permissions: "none" }, () => {
  assertEquals(diffRows([..."abcd"], [..."bcde"]), [{ at: 0, removed: 1, rows: [] }, {
    at: 4,
    removed: 0,
    rows: ["e"],
  }]);
  assertEquals(diffRows([..."abcd"], [..."xabyd"]), [
    { at: 0, removed: 0, rows: ["x"] },
    { at: 2, removed: 1, rows: ["y"] },
  ]);
});
