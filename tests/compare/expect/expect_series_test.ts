import { assertRejects } from "@std/assert";
import { SeriesAssertionError } from "../../../lib/compare/expect/expect_series.ts";
import { expectSeries, openRepository, UsageError } from "../../../mod.ts";
import { assertEquals, assertStringIncludes } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const none = { permissions: "none" } as const;

Deno.test("a training learns", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const run = await (await repo.experiment({ kind: "demo" })).run({ git: false });
  for (const epoch of run.each("epoch", 20)) epoch.log("train", { loss: 1 / (epoch.index + 1), acc: epoch.index / 20 });
  await run.finish();

  await expectSeries(run, "loss").toDecrease({ strictly: true }).below(0.1).toBeFinite().toHaveLength(20);
  await expectSeries(await repo.findRun(run.id), "acc").toIncrease().above(0.9).toStayBelow(1).closeTo(0.95, 1e-9);
  await assertRejects(async () => await expectSeries(run, "los"), UsageError, 'did you mean "loss"?');
  await assertRejects(async () => await expectSeries(run, "*"), UsageError, "epoch/*/train:acc, epoch/*/train:loss");
});

Deno.test("expectSeries: a condition that does not hold is said with the values and a plot", none, async () => {
  const error = await assertRejects(async () => await expectSeries([1, 0.5, 0.7], "loss").toDecrease().below(0.1));
  assertEquals((error as Error).name, "AssertionError");
  assertEquals(error instanceof SeriesAssertionError, true);
  const [first, ...plot] = (error as Error).message.split("\n");
  assertEquals(first, 'Expected the series "loss" to end below 0.1, but its last value is 0.7');
  assertStringIncludes(plot.join("\n"), "┤");
});

Deno.test("expectSeries: each condition, and that NaN meets none", none, async () => {
  const fails = async (values: number[], act: (of: ReturnType<typeof expectSeries>) => PromiseLike<void>) => {
    try {
      await act(expectSeries(values));
      return false;
    } catch (error) {
      if (error instanceof SeriesAssertionError) return true;
      throw error;
    }
  };
  const nan = [NaN, NaN];
  for (
    const [act, good, bad] of [
      [(of) => of.toDecrease(), [3, 4, 1, 2], [1, 2]],
      [(of) => of.toDecrease({ strictly: true }), [3, 2, 1], [3, 1, 2]],
      [(of) => of.toIncrease(), [1, 2], [2, 2]],
      [(of) => of.toIncrease({ strictly: true }), [1, 2], [1, 1, 2]],
      [(of) => of.below(1), [2, 0], [0, 1]],
      [(of) => of.above(1), [0, 2], [2, 1]],
      [(of) => of.closeTo(1, 0.1), [1.05], [1.2]],
      [(of) => of.toStayBelow(1), [0, 0.9], [0, 2, 0]],
      [(of) => of.toStayAbove(1), [2], [2, 1]],
      [(of) => of.toBeFinite(), [1], [1, Infinity]],
    ] as [(of: ReturnType<typeof expectSeries>) => PromiseLike<void>, number[], number[]][]
  ) {
    const found = [await fails(good, act), await fails(bad, act), await fails(nan, act), await fails([], act)];
    assertEquals([String(act), ...found], [String(act), false, true, true, true]);
  }
  assertEquals(await fails([1, 2], (of) => of.toHaveLength(3)), true);
  assertEquals(await fails([1, 2], (of) => of.toHaveAtLeast(2)), false);
});

Deno.test("expectSeries: what is not awaited is an unhandled rejection", none, async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const heard = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    resolve(event.reason);
  };
  addEventListener("unhandledrejection", heard);
  expectSeries([1, 2]).toDecrease();
  assertEquals(await promise instanceof SeriesAssertionError, true);
  removeEventListener("unhandledrejection", heard);
});
