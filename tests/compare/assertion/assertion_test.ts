import { askingOf } from "../../../lib/compare/asking.ts";
import { parseAssertion } from "../../../lib/compare/assertion/assertion.ts";
import { type Baseline, parseBaseline, serializeBaseline } from "../../../lib/compare/assertion/baseline.ts";
import { compareWithBaseline } from "../../../lib/compare/assertion/compare_baseline.ts";
import { evaluate, type EvaluateOptions } from "../../../lib/compare/assertion/evaluate.ts";
import { parseTolerance } from "../../../lib/compare/assertion/tolerance.ts";
import { sampleOf } from "../../../lib/compare/statistics/sample.ts";
import { UsageError } from "../../../lib/base/errors.ts";
import { openRepository } from "../../../mod.ts";
import { assertEquals, assertThrows } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { serve } from "../../server/world.ts";

const none = { permissions: "none" } as const;

Deno.test("parseAssertion: which side is compared with the baseline, and what is better", none, () => {
  const comparison = (text: string) => {
    const { comparison } = parseAssertion(text);
    return comparison && [comparison.value, comparison.better, comparison.isStrict];
  };
  assertEquals(comparison("last:acc >= baseline"), ["last:acc", "higher", false]);
  assertEquals(comparison("baseline > (min:loss + 1)"), ["(min:loss + 1)", "lower", true]);
  assertEquals(comparison("last:acc > 0.9"), ["last:acc", "higher", false]);
  assertEquals(comparison("avg(last:loss) < 1"), ["avg(last:loss)", "lower", false]);
  assertEquals(comparison("last:acc > first:acc"), undefined);
  assertEquals(comparison('kind = "k"'), undefined);
  assertEquals(comparison("last:acc > 0.9 or kind = 'k'"), undefined);
});

Deno.test("parseAssertion refuses what has no meaning here", none, () => {
  for (
    const [text, why] of [
      ["last:acc", "it is not a condition"],
      ["last:acc > avg(last:acc)", "avg() is of all experiments and last:acc of each"],
      ["last:acc >= baseline + 1", "baseline is one side"],
      ["last:acc = baseline", "baseline is one side"],
      ["baseline > baseline", "baseline is one side"],
      ["last:acc >", "it ends too early"],
    ]
  ) assertThrows(() => parseAssertion(text), UsageError, why);
});

Deno.test("parseTolerance", none, () => {
  assertEquals(parseTolerance("1%"), { amount: 1, unit: "%" });
  assertEquals(parseTolerance(" 2.5 sd"), { amount: 2.5, unit: "sd" });
  assertEquals(parseTolerance(".01"), { amount: 0.01, unit: "" });
  for (const text of ["", "much", "-1%", "1%%", "nan", "inf"]) assertThrows(() => parseTolerance(text), UsageError);
});

Deno.test("compareWithBaseline: tolerance, direction, significance, NaN", none, () => {
  const higher = { value: "acc", better: "higher", isStrict: false } as const;
  const lower = { value: "loss", better: "lower", isStrict: false } as const;
  const passes = (...args: Parameters<typeof compareWithBaseline>) => compareWithBaseline(...args).passed;
  const [good, bad] = [sampleOf([0.9, 0.91, 0.92]), sampleOf([0.8, 0.81, 0.82])];
  assertEquals([passes(higher, good, bad), passes(higher, bad, good)], [true, false]);
  assertEquals([passes(lower, good, bad), passes(lower, bad, good)], [false, true]);
  assertEquals(passes(higher, good, good), true);
  assertEquals(passes({ ...higher, isStrict: true }, good, good), false);
  assertEquals(passes(higher, bad, good, { tolerance: parseTolerance("11%") }), true);
  assertEquals(passes(higher, bad, good, { tolerance: parseTolerance("10%") }), false);
  assertEquals(passes(higher, bad, good, { tolerance: parseTolerance("10.1sd") }), true);
  assertEquals(passes(higher, bad, good, { alpha: 0.05 }), false);
  assertEquals(passes(higher, bad, good, { alpha: 1e-6 }), true);
  // One value has no deviation: nothing excuses that it is worse.
  assertEquals(passes(higher, sampleOf([0.8]), good, { alpha: 1e-6 }), false);
  assertThrows(
    () => compareWithBaseline(higher, good, sampleOf([1]), { tolerance: parseTolerance("2sd") }),
    UsageError,
  );
  for (const nan of [sampleOf([NaN, 1]), sampleOf([])]) {
    assertEquals([passes(higher, nan, good), passes(higher, good, nan)], [false, false]);
  }
  assertEquals(passes(higher, good, undefined), false);
});

Deno.test("a baseline survives its file, whatever the names", none, () => {
  const baseline: Omit<Baseline, "name"> = {
    values: new Map([['last:"a"', sampleOf([1, 2])], ["avg(x)", sampleOf([0.1])], ["__proto__", sampleOf([3])]]),
    experiments: ["b", "a"],
  };
  const text = serializeBaseline(baseline);
  const read = parseBaseline(text, "f");
  assertEquals([...read.values].sort(), [...baseline.values].sort());
  assertEquals(text.indexOf('"avg(x)"') < text.indexOf('"last:'), true);
  assertEquals(serializeBaseline({ ...read, experiments: ["a", "b"] }), text);
  for (const bad of ["", "{}", '{"dbx-baseline":2}', '{"dbx-baseline":1,"values":{"a":{"mean":"1"}}}']) {
    assertThrows(() => parseBaseline(bad, "f"), Error, 'Cannot read the baseline "f"');
  }
});

Deno.test("evaluate: each, together, NaN, what is missing, --last", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  const runs: [string, number[]][] = [["a", [1, 0.5]], ["b", [2, 0.7]], ["nan", [1, NaN]], ["none", []]];
  for (const [kind, values] of runs) {
    await using run = await (await repository.experiment({ kind })).run({ git: false, env: false });
    for (const loss of values) run.log("e", { loss });
  }
  const asking = askingOf(repository);
  const holds = async (text: string, options: EvaluateOptions) => {
    return (await evaluate(asking, [parseAssertion(text)], options)).report.passed;
  };
  const good = { filter: { where: "kind IN ('a', 'b')" } };
  assertEquals(await holds("last:loss < 1", good), true);
  assertEquals(await holds("last:loss < 0.6", good), false);
  assertEquals(await holds("avg(last:loss) < 0.65", good), true);
  assertEquals(await holds('count(kind = "a") = 1', good), true);
  assertEquals(await holds("last:loss < 0.6 or kind = 'b'", good), true);
  for (const kind of ["nan", "none"]) {
    const bad = { filter: { kind } };
    for (
      const text of [
        ...["last:loss < 10", "max:loss < 10", "not last:loss > 10", "avg(max:loss) < 10", "max(last:loss) < 10"],
        ...["count(last:loss > 10) = 0", "count(max:loss > 10) = 0"],
      ]
    ) assertEquals([kind, text, await holds(text, bad)], [kind, text, false]);
  }
  assertEquals(await holds("last:loss IS NULL", { filter: { kind: "none" } }), true);
  assertEquals(await holds("last:loss < 0.8", { filter: good.filter, last: true }), true);
  assertEquals(await holds("last:loss < 0.6", { filter: good.filter, last: true }), false);
  assertEquals(await holds("last:loss < 1", { filter: { kind: "x" } }), false);
  assertEquals(await holds("last:loss < 1", { filter: { kind: "x" }, allowEmpty: true }), true);
});

Deno.test("evaluate says the same of a folder and through a server, of experiments and of a run", async () => {
  await using server = await serve();
  const local = await openRepository(server.path);
  let id = "";
  for (const loss of [0.5, NaN, 0.7]) {
    await using run = await (await local.experiment({ kind: "k", params: { "a,b": 1 } })).run({ git: false });
    run.log("train/epoch/1", { loss });
    id = run.id;
  }
  const remote = await openRepository(server.url);
  const assertions = [
    ...["last:loss < 1", "avg(last:loss) < 1", 'params."a,b" = 1', '"last:train/epoch/*:loss" > 0.6'],
    ...['count(kind = "k") = 3', "last:loss > baseline"],
  ].map(parseAssertion);
  const baseline: Baseline = { name: "b", values: new Map([["last:loss", sampleOf([0.9])]]), experiments: [] };
  for (const filter of [{}, { run: id }, { where: "last:loss > 0" }]) {
    const [here, there] = [askingOf(local), askingOf(remote)];
    const own = await evaluate(here, assertions, { filter, baseline });
    assertEquals(await evaluate(there, assertions, { filter, baseline }), own);
    const passed = own.report.outcomes.map((outcome) => outcome.passed);
    const isRun = "run" in filter;
    assertEquals(passed[0], isRun || "where" in filter);
    assertEquals(passed[4], !isRun && !("where" in filter));
  }
});
