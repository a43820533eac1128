import { glob } from "../../lib/base/glob.ts";
import { assert, assertEquals } from "../assert.ts";
import { Random, testSeed } from "../format/random.ts";

Deno.test("glob: the answers of a regular expression", () => {
  const random = new Random(testSeed());
  const word = (letters: string, most: number) =>
    Array.from({ length: random.below(most) }, () => [...letters][random.below([...letters].length)]).join("");
  for (let turn = 0; turn < 20_000; turn++) {
    const pattern = word("ab*?*😀.\n", 9);
    const text = word("ab😀.\n", 9);
    const escaped = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
    assertEquals(glob(pattern)(text), new RegExp(`^${escaped}$`, "su").test(text), JSON.stringify([pattern, text]));
  }
});

Deno.test("glob: a pattern of a stranger does not run away", () => {
  assert(!glob("*a".repeat(1000) + "b")("a".repeat(5000)));
});
