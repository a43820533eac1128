import { orderOfTexts } from "../../../../../lib/query/columns/operators/sort/texts.ts";
import { assertEquals } from "../../../../assert.ts";
import { Random, testSeed } from "../../../../format/random.ts";

const encoder = new TextEncoder();

/** The order of the bytes. */
function compareBytes(a: string, b: string): number {
  const [x, y] = [encoder.encode(a), encoder.encode(b)];
  for (let at = 0; at < Math.min(x.length, y.length); at++) if (x[at] !== y[at]) return x[at] - y[at];
  return x.length - y.length;
}

Deno.test(
  { name: "orderOfTexts: the order of the bytes of UTF-8, of few texts or of many", permissions: "none" },
  () => {
    const random = new Random(testSeed());
    // Characters of one to four bytes; those beyond U+FFFF have units below those of U+E000 and above.
    const characters = [..."az~é߿ࠀ日\ud7ff\ue000～\uffff𐀀🚀\u{10ffff}"];
    for (const count of [3, 40, 41, 700]) {
      const texts = Array.from(
        { length: count },
        () => Array.from({ length: random.below(7) }, () => random.pick(characters)).join(""),
      );
      const ordered = Array.from(orderOfTexts(texts), (at) => texts[at]);
      assertEquals(ordered, texts.toSorted(compareBytes));
    }
  },
);
