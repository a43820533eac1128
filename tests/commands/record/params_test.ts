import { childParams } from "../../../lib/commands/record/params/child_params.ts";
import { parseTypedValue } from "../../../lib/cli/typed_value.ts";
import { trainingOf } from "../../../lib/commands/record/params/training_command.ts";
import { assert, assertEquals } from "../../assert.ts";
import { paramsCases } from "../../data/cases.ts";

Deno.test("childParams and trainingOf: every case of tests/data/params", () => {
  const cases = paramsCases();
  assert(cases.length > 80, `${cases.length} cases`);
  for (const { at, words, kind, params } of cases) {
    assertEquals([trainingOf(words).kind, childParams(words)], [kind, params], `${at}: ${words.join(" ")}`);
  }
});

Deno.test("childParams: words of any kind throw nothing and lose no prototype", { permissions: "none" }, () => {
  assertEquals(childParams(["x", "--__proto__=1", "--constructor", "2"]), { constructor: 2 });
  for (const words of [[], [""], ["env", "-u"], ["timeout"], ["python", "-m"], ["torchrun", "-m"], ["a", "-"]]) {
    childParams(words);
  }
  const deep = "[".repeat(5000);
  assertEquals(childParams(["a", "--x", deep]), { x: deep });
});

Deno.test("typed: what is a value and what is text", { permissions: "none" }, () => {
  const texts = [
    "True",
    "None",
    "[1,2]",
    "1_000",
    "0x1",
    "",
    "nan",
    "[a, 'b']",
    "{a: 1,}",
    "(1,)",
    "[1",
    "[,]",
    "1__0",
  ];
  assertEquals(texts.map((text) => parseTypedValue(text)), [
    true,
    null,
    [1, 2],
    1000,
    "0x1",
    "",
    "nan",
    ["a", "b"],
    { a: 1 },
    [1],
    "[1",
    "[,]",
    "1__0",
  ]);
});
