import { boundedTexts } from "../../../lib/query/columns/scalar/bounded_texts.ts";
import { UnsupportedAtRuntime } from "../../../lib/query/columns/fallback.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

Deno.test({
  name: "boundedTexts: long texts count, whichever way they are asked for, short ones do not",
  permissions: "none",
  fn() {
    const twice = (value: Value): Value => `${value}${value}`;
    const compute = Object.assign(twice, {
      many: (_args: readonly Value[], _varying: number, values: readonly Value[]) => values.map(twice),
    });
    const bounded = boundedTexts(compute, 3000);
    for (let turn = 0; turn < 100; turn++) assertEquals(bounded("x".repeat(100)), "x".repeat(200));
    assertEquals(bounded("x".repeat(500)), "x".repeat(1000));
    assertEquals(bounded.many!([null], 0, ["a", "x".repeat(500)]), ["aa", "x".repeat(1000)]);
    assertThrows(() => bounded.many!([null], 0, ["x".repeat(600)]), UnsupportedAtRuntime, "too long");
    const blobs = boundedTexts(() => new Uint8Array(2000), 3000);
    assertEquals((blobs() as Uint8Array).length, 2000);
    assertThrows(() => blobs(), UnsupportedAtRuntime, "too long");
  },
});
