import type { Value } from "../../../lib/query/values/value.ts";
import { valueAt } from "../../../lib/query/vectors/gather.ts";
import type { Vector } from "../../../lib/query/vectors/vector.ts";
import { VectorBuilder } from "../../../lib/query/vectors/vector_builder.ts";
import { assertEquals } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

const WORDS = ["", "a", "b", "c", "\u{1f600}", "aa", "b"];

/** Rows of texts, numbers or NULL; of texts, some rows of a few lists of words that come again and again. */
function randomVector(random: Random, lists: readonly (readonly string[])[]): { vector: Vector; count: number } {
  const count = 1 + random.below(6);
  const kind = random.below(8);
  if (kind === 0) return { vector: { kind: "constant", value: null }, count };
  if (kind === 1) return { vector: { kind: "constant", value: "a" }, count };
  if (kind === 2 && random.below(4) === 0) {
    return {
      vector: { kind: "number", type: "integer", data: Float64Array.from({ length: count }, (_, at) => at) },
      count,
    };
  }
  const words = random.pick(lists);
  const codes = Int32Array.from({ length: count }, () => random.below(words.length + 1) - 1);
  return { vector: { kind: "text", codes, words }, count };
}

Deno.test(
  { name: "VectorBuilder: holds what was added, whichever lists of words it came with", permissions: "none" },
  () => {
    const random = new Random(testSeed());
    for (let turn = 0; turn < 2000; turn++) {
      const lists = Array.from(
        { length: 1 + random.below(3) },
        () => Array.from({ length: 1 + random.below(9) }, () => random.pick(WORDS)),
      );
      const before = lists.map((words) => [...words]);
      const builder = new VectorBuilder();
      const expected: Value[] = [];
      for (let left = random.below(6); left >= 0; left--) {
        const { vector, count } = randomVector(random, lists);
        const rows = random.below(2) === 0
          ? undefined
          : Int32Array.from({ length: 1 + random.below(count) }, () => random.below(count));
        builder.add(vector, rows?.length ?? count, rows);
        for (let at = 0; at < (rows?.length ?? count); at++) expected.push(valueAt(vector, rows?.[at] ?? at));
      }
      const made = builder.finish();
      assertEquals(expected.map((_, at) => valueAt(made, at)), expected);
      assertEquals(lists, before, "the lists are not ours");
    }
  },
);
