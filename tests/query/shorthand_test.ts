import { UsageError } from "../../lib/base/errors.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { query } from "../../lib/query/query.ts";
import { shorthandSql } from "../../lib/query/list/shorthand.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test({
  name: "shorthandSql: plain SQL, quoted where it must be",
  permissions: "none",
  fn() {
    assertEquals(
      shorthandSql({
        where: 'a = "it\'s" and e."x y" > 1',
        cols: ["id", "params.weight-decay"],
        sort: "-name",
        limit: 3,
      }),
      `SELECT id AS "id", params."weight-decay" AS "params.weight-decay"
FROM experiments
WHERE a = 'it''s' and e."x y" > 1
ORDER BY name DESC NULLS LAST
LIMIT 3`,
    );
    assertStringIncludes(shorthandSql({ where: "min:a.b <= 2" }), "metrics.key = 'a.b') <= 2");
    assertStringIncludes(shorthandSql({ cols: ["max:t/*:it's"] }), "metrics.series = 't/*:it''s') AS \"max:t/*:it's\"");
    assertThrows(() => shorthandSql({ cols: ["mim:loss"] }), UsageError, 'did you mean "min"?');
    assertThrows(() => shorthandSql({ where: "a; b" }), UsageError, "it must be one");
  },
});

Deno.test("shorthandSql: statistics over runs; what has none comes last; a limit", async () => {
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
  const ask = async (options: Parameters<typeof shorthandSql>[0]) => {
    using answer = await query(reader, shorthandSql(options));
    return await Array.fromAsync(answer);
  };
  const cols = ["params.at", ...["min", "max", "count", "first", "last", "mean"].map((name) => `${name}:loss`)];
  assertEquals(await ask({ cols, sort: "min:loss" }), [
    [1, 0, 9, 2, 0, 9, 4.5],
    [0, 1, 5, 4, 3, 5, 3.5],
    [2, null, null, null, null, null, null],
  ]);
  assertEquals(await ask({ cols: ["params.at"], sort: "-max:loss", limit: 1 }), [[1]]);
  assertEquals(
    await ask({ cols: ["params.at"], where: "last:loss < 6 and count:e:loss > 1" }).catch(() => "refused"),
    "refused",
  );
  assertEquals(await ask({ cols: ["params.at"], where: 'last:loss < 6 and kind = "k"' }), [[0]]);
});
