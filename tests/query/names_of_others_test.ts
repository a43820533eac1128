// A name is a mistake where nothing at all has it, however little of the repository a question looks at.
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { QueryError } from "../../lib/query/result/query_error.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test("names: what only other experiments have is absent, what none has is a mistake", async () => {
  await using folder = await scratch();
  const repository = await openRepository(folder.path);
  const logged = [{ params: { lr: 1 }, data: { loss: 1 } }, { params: { lr: 2, width: 3 }, data: { acc: 2 } }];
  for (const { params, data } of logged) {
    const experiment = await repository.experiment({ kind: `k${params.lr}`, params });
    await using run = await experiment.run({ git: false, env: false, durability: "event" });
    run.log("e", data);
  }
  const rows = async (asked: Parameters<typeof repository.query>[0]) => {
    using answer = await repository.query(asked);
    return await Array.fromAsync(answer);
  };
  const [[id, run]] = await rows("SELECT exp, run FROM runs JOIN experiments USING (exp) WHERE kind = 'k1'");
  const cols = ["params.width", "max:acc"];
  const wrong = ["params.widht", "max:ac"];

  assertEquals(await rows(`SELECT params.width FROM experiments WHERE id = '${id}'`), [[null]]);
  assertEquals(await rows(`SELECT count(*) FROM points WHERE exp = '${id}' AND key = 'acc'`), [[0]]);
  assertEquals(await repository.series({ series: "acc", where: `id = '${id}'` }), []);
  for (const narrow of [{ kind: "k1" }, { where: `id = '${id}'` }, { run: String(run) }]) {
    assertEquals(await rows({ ...narrow, cols }), [[null, null]]);
    assertEquals((await repository.list({ ...narrow, cols })).rows, [[undefined, undefined]]);
    assertEquals(await repository.series({ ...narrow, series: "acc" }), []);
    for (const name of wrong) await assertRejects(() => rows({ ...narrow, cols: [name] }), QueryError, "did you mean");
    await assertRejects(() => repository.list({ ...narrow, cols: wrong }), QueryError, "params.width");
    await assertRejects(() => repository.list({ ...narrow, sort: "max:ac" }), QueryError, '"acc"');
    await assertRejects(() => repository.series({ ...narrow, series: "ac" }), Error, '"acc"');
  }
  await assertRejects(
    () => rows(`SELECT params.widht FROM experiments WHERE id = '${id}'`),
    QueryError,
    "params.width",
  );
  await assertRejects(() => rows(`SELECT 1 FROM points WHERE exp = '${id}' AND key = 'ac'`), QueryError, '"acc"');
});
