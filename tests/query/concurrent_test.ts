import { openRepository } from "../../mod.ts";
import { assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test("query: questions that are asked at once get the answers that they get one after the other", async () => {
  await using folder = await scratch();
  const writer = await openRepository(`${folder.path}/r`);
  const expected = new Map<string, number>();
  for (let number = 0; number < 12; number++) {
    const experiment = await writer.experiment({ kind: "k", params: { number } });
    await using run = await experiment.run({ git: false, env: false });
    for (let step = 0; step <= number; step++) run.log(`train/${step}`, { loss: 100 * number + step });
    expected.set(experiment.id, 101 * number);
  }
  const ids = [...expected.keys()];
  // A repository that nothing is known of yet, and one whose index holds all.
  for (let turn = 0; turn < 2; turn++) {
    const repo = await openRepository(`${folder.path}/r`);
    const lastOf = async (exp: string) => {
      using answer = await repo.query("SELECT last, count FROM metrics WHERE key = 'loss' AND exp = :exp", { exp });
      return await Array.fromAsync(answer);
    };
    const countAll = async () => {
      using answer = await repo.query("SELECT count(*) FROM points");
      return await Array.fromAsync(answer);
    };
    const [counts, lasts] = await Promise.all([
      Promise.all([countAll(), countAll()]),
      Promise.all(ids.map(lastOf)),
    ]);
    assertEquals(counts, [[[78]], [[78]]], `turn ${turn}`);
    const wanted = ids.map((id) => [[expected.get(id)!, expected.get(id)! % 100 + 1]]);
    assertEquals(lasts, wanted, `turn ${turn}`);
  }
});
