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
