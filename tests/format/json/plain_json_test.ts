import { isPlainJson } from "../../../lib/format/json/plain_json.ts";
import { encodeValue } from "../../../lib/format/json/value.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Random } from "../random.ts";

Deno.test({
  name: "isPlainJson: JSON.stringify writes what it accepts just as encodeValue does",
  permissions: "none",
  fn() {
    const random = new Random(3);
    let plain = 0;
    for (let i = 0; i < 5000; i++) {
      const value = i % 2 === 0 ? random.object(2) : random.json(2);
      if (!isPlainJson(value)) continue;
      plain++;
      assertEquals(JSON.stringify(value), JSON.stringify(encodeValue(value)));
    }
    assert(plain > 1000);
    const cases = [new Map(), new Date(), [], 1, null, "a", { a: 1n }, { a: [new Date()] }, { a: { b: Symbol() } }];
    for (const value of cases) assert(!isPlainJson(value));
  },
});
