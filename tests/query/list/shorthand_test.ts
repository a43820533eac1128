import { UsageError } from "../../../lib/base/errors.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { query } from "../../../lib/query/query.ts";
import { type Shorthand, shorthandSql } from "../../../lib/query/list/shorthand.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test({
  name: "shorthandSql: SQL for anybody, in which statistics and short names are columns",
  permissions: "none",
  fn() {
    const sql = shorthandSql(
      { where: 'kind = "it\'s" and e."x y" > 1', cols: ["id", "params.weight-decay"], limit: 3 },
      0,
    );
    assertStringIncludes(sql, "kind = 'it''s'");
    assertStringIncludes(sql, 'e."x y" > 1');
    assertStringIncludes(sql, 'params.`weight-decay` AS "params.weight-decay"');
    assertStringIncludes(sql, "LIMIT 3");
    assertStringIncludes(shorthandSql({ where: "min:a.b <= 2" }, 0), '"min:a.b" <= 2');
    assertStringIncludes(
      shorthandSql({ where: "created > '2026-01-01' AND age < '2h'" }, 0),
      "created_at > 1767225600000",
    );
    assertStringIncludes(shorthandSql({ cols: ["max:t/*:it's"] }, 0), 'SELECT "max:t/*:it\'s" FROM');
    assertThrows(() => shorthandSql({ cols: ["mim:loss"] }, 0), UsageError, 'did you mean "min"?');
    assertThrows(() => shorthandSql({ where: "a; b" }, 0), UsageError, 'unexpected ";"');
  },
});

Deno.test("shorthand: statistics over all runs; what has none comes last; a limit", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  const logged = [[[3, 1], [2, 5]], [[0, 9]], []]; // Experiments, their runs, the values.
  for (const [at, runs] of logged.entries()) {
    const experiment = await repository.experiment({ kind: "k", params: { at } });
    for (const values of runs) {
      await using run = await experiment.run({ git: false, env: false, durability: "event" });
      for (const loss of values) run.log("e", { loss });
      await new Promise((resolve) => setTimeout(resolve, 5)); // Runs are told apart by their times.
    }
  }
  const reader = await openReader(`${folder.path}/r`);
  const ask = async (options: Shorthand) => {
    using answer = await query(reader, options);
    return await Array.fromAsync(answer);
  };
  const cols = ["params.at", ...["min", "max", "count", "first", "last", "mean"].map((name) => `${name}:loss`)];
  assertEquals(await ask({ cols, sort: "min:loss" }), [
    [1, 0, 9, 2, 0, 9, 4.5],
    [0, 1, 5, 4, 3, 5, 2.75],
    [2, null, null, null, null, null, null],
  ]);
  assertEquals(await ask({ cols: ["params.at"], sort: "-max:loss", limit: 1 }), [[1]]);
  assertEquals(await ask({ cols: ["params.at"], where: 'last:loss < 6 and kind = "k"' }), [[0]]);
});

Deno.test("shorthand: values are expressions and aggregates; count of a condition counts where it is true", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  for (const [at, loss] of [2, NaN, 0.5].entries()) {
    await using run = await (await repository.experiment({ kind: "k", params: { at } })).run({
      git: false,
      env: false,
    });
    run.log("e", { loss });
  }
  const reader = await openReader(`${folder.path}/r`);
  const ask = async (options: Shorthand) => {
    using answer = await query(reader, options);
    return [answer.columns, ...await Array.fromAsync(answer)];
  };
  // NaN is told of columns, and is NULL in expressions.
  const each = { cols: ["params.at", "last:loss"], values: ["last:loss * 2", 'kind = "k"'], sort: "params.at" };
  assertEquals(await ask(each), [
    ["params.at", "last:loss", "last:loss * 2", 'kind = "k"'],
    ...[[0, 2, 4, 1], [1, NaN, null, 1], [2, 0.5, 1, 1]],
  ]);
  const all = [
    "count(last:loss > 1)",
    "count(last:loss)",
    "count(*)",
    "count(last:loss > 1) FILTER (WHERE params.at > 0)",
  ];
  assertEquals(await ask({ cols: [], values: all }), [all, [1, 2, 3, 0]]);
  assertStringIncludes(
    shorthandSql({ cols: [], values: ["count(min:a > 1)"] }, 0),
    'count(*) FILTER (WHERE "min:a" > 1)',
  );
});
