import { distinctNames } from "../../../lib/base/rows/distinct_names.ts";
import { assertEquals } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

const seeded = new Random(testSeed());

Deno.test({
  name: "distinctNames: each name once, the first as it is, none that another column has",
  permissions: "none",
  fn() {
    assertEquals(distinctNames(["repo", "exp", "repo"]), ["repo", "exp", "repo_1"]);
    assertEquals(distinctNames(["a", "a", "a_1", "a"]), ["a", "a_2", "a_1", "a_3"]);
    assertEquals(distinctNames([]), []);
    for (let round = 0; round < 500; round++) {
      const names = Array.from(
        { length: seeded.next() * 9 },
        () => "ab"[seeded.next() * 2 | 0] + ["", "_1", "_2"][seeded.next() * 3 | 0],
      );
      const distinct = distinctNames(names);
      assertEquals(new Set(distinct).size, names.length, names.join());
      names.forEach((name, at) =>
        assertEquals(names.indexOf(name) !== at || distinct[at] === name, true, names.join())
      );
    }
  },
});
