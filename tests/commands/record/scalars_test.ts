import { UsageError } from "../../../lib/base/errors.ts";
import { ScalarFinder } from "../../../lib/printed/scalar_finder.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { scalarStreams } from "../../data/cases.ts";

Deno.test("ScalarFinder: every stream of tests/data/scalars", () => {
  const streams = scalarStreams();
  assert(streams.flatMap(({ lines }) => lines).length > 90);
  for (const { auto, lines } of streams) {
    const finder = new ScalarFinder(auto ? "auto" : undefined);
    for (const { at, text, found } of lines) {
      const answer = finder.push(text);
      assertEquals(answer && { data: answer.data, format: answer.format }, found, `${at}: ${text}`);
    }
  }
});

Deno.test("ScalarFinder: a regular expression, and what is wrong with others", { permissions: "none" }, () => {
  assertEquals(new ScalarFinder("L (?<loss>[0-9.]+)").push("L 0.5 L 0.4"), {
    data: { loss: 0.4 },
    format: "--scalars",
  });
  assertEquals(new ScalarFinder("L (?<loss>[0-9.]+)").push("loss=3"), undefined);
  assertThrows(() => new ScalarFinder("("), UsageError);
  assertThrows(() => new ScalarFinder("loss (.*)"), UsageError);
});

Deno.test("ScalarFinder: hostile lines take no time and set no prototype", { permissions: "none" }, () => {
  const lines = [
    "__proto__=1",
    "{'__proto__': 1, 'loss': 0.5}",
    "a".repeat(60_000) + "=1",
    "1,".repeat(2000) + "x",
    " ".repeat(60_000),
    "x: ".repeat(20_000),
    "[0]\t" + "a:1\t".repeat(10_000),
    "Epoch 1: 100%|" + "█".repeat(20_000),
    "1/1 " + " - ".repeat(20_000),
    "Epoch GPU_mem " + "x ".repeat(20_000),
    "100%|#| 1/1 [00:00<00:00, 1it/s" + ", a".repeat(10_000),
    "2026-01-02 10:00:00 " + "a - ".repeat(10_000),
  ];
  for (const how of [undefined, "auto"]) {
    const finder = new ScalarFinder(how);
    for (const line of lines) {
      const started = performance.now();
      const found = finder.push(line);
      if (found !== undefined) assertEquals(Object.getPrototypeOf(found.data), Object.prototype);
      const took = performance.now() - started;
      // Quadratic matching of such a line would take minutes; the limit leaves room for a busy machine.
      assert(took < 5000, `${line.slice(0, 30)}…: ${took} ms`);
    }
  }
});
