import { KeyCodes } from "../../../../../lib/query/columns/operators/groups/key_codes.ts";
import { valueAt } from "../../../../../lib/query/vectors/gather.ts";
import type { Vector } from "../../../../../lib/query/vectors/vector.ts";
import { assertEquals } from "../../../../assert.ts";
import { Random, testSeed } from "../../../../format/random.ts";

const WORDS = ["", "a", "b", "c", "d", "e", "f", "g", "a"];

Deno.test(
  { name: "KeyCodes: equal texts have one code, whichever lists of words they come with", permissions: "none" },
  () => {
    const random = new Random(testSeed());
    // Lists that come again and again; in some, words stand twice.
    const lists = Array.from(
      { length: 6 },
      (_, at) =>
        at < 3
          ? WORDS.slice(0, 8).sort(() => random.below(3) - 1)
          : Array.from({ length: 8 }, () => random.pick(WORDS)),
    );
    for (let turn = 0; turn < 2000; turn++) {
      const keys = new KeyCodes();
      const known = new Map<unknown, number>();
      const own = [random.pick(lists), random.below(3) === 0 ? random.pick(lists) : undefined];
      for (let batch = random.below(5); batch >= 0; batch--) {
        const words = own[random.below(2)] ?? own[0]!;
        const count = 1 + random.below(12);
        const vector: Vector = random.below(6) === 0 ? { kind: "constant", value: random.pick(["a", "b", null]) } : {
          kind: "text",
          codes: Int32Array.from({ length: count }, () => random.below(words.length + 1) - 1),
          words,
        };
        const codes = keys.assign(vector, count);
        for (let row = 0; row < count; row++) {
          const value = valueAt(vector, row);
          if (!known.has(value)) known.set(value, known.size);
          assertEquals(typeof codes === "number" ? codes : codes[row], known.get(value));
        }
        assertEquals(keys.count, known.size);
      }
    }
  },
);
