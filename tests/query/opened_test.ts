import { openRepository } from "../../mod.ts";
import { downsample } from "../../lib/query/curves/downsample.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

Deno.test("openRepository: what was just logged is asked for; columns, series, a view that stands still", async () => {
  await using folder = await scratch();
  const repo = await openRepository(`${folder.path}/r`);
  const experiment = await repo.experiment({ kind: "k", params: { lr: 0.1 } });
  await using run = await experiment.run({ git: false, env: false, durability: "event" });
  run.log("train/0", { loss: 1, name: "a" });
  run.log("train/1", { loss: NaN });
  using answer = await repo.query("SELECT step, value FROM points WHERE key = :key", { key: "loss" });
  assertEquals(answer.columns, ["step", "value"]);
  assertEquals(await Array.fromAsync(answer), [[0, 1], [1, NaN]]);
  const view = await repo.view();
  run.log("train/2", { loss: 3 });
  const columns = await repo.columns("SELECT step, value, key FROM points ORDER BY step");
  assertEquals(columns, {
    step: Float64Array.of(0, 1, 2),
    value: Float64Array.of(1, NaN, 3),
    key: ["loss", "loss", "loss"],
  });
  using before = await view.query("SELECT count(*) FROM points");
  assertEquals(await Array.fromAsync(before), [[2]]);
  const [curve] = await repo.series({ series: "loss", smooth: 0.5 });
  assertEquals([...curve.x], [0, 1, 2]);
  // 1, a gap, (1/4 + 3/2) / (3/4).
  assertEquals([...curve.y.value].map((value) => Number(value.toFixed(12))), [
    1,
    NaN,
    Number((1.75 / 0.75).toFixed(12)),
  ]);
  const events = await repo.columns("SELECT data.name FROM events WHERE log = 'log' AND data.name IS NOT NULL");
  assertEquals(events, { "data.name": ["a"] });
  await assertRejects(() => repo.query("SELECT 1 FROM points", {}, { signal: AbortSignal.abort() }), DOMException);
});

Deno.test(
  { name: "downsample: few points, the least and greatest of each stretch, both ends", permissions: "none" },
  () => {
    for (let round = 0; round < 200; round++) {
      const length = Math.floor(seeded.next() * 3000);
      const points = 4 + Math.floor(seeded.next() * 200);
      const x = Float64Array.from({ length }, (_, i) => i);
      const value = Float64Array.from({ length }, () => seeded.next() < 0.05 ? NaN : seeded.next());
      const reduced = downsample({ labels: {}, x, y: { value }, coordinates: {} }, points);
      assert(reduced.x.length <= Math.max(points, 4));
      if (length <= points) assertEquals(reduced.x.length, length);
      else {
        assertEquals([reduced.x[0], reduced.x.at(-1)], [0, length - 1]);
        const inner = value.subarray(1, -1).filter((each) => !Number.isNaN(each));
        assert(reduced.y.value.includes(inner.reduce((a, b) => Math.min(a, b), Infinity)));
        assert(reduced.y.value.includes(inner.reduce((a, b) => Math.max(a, b), -Infinity)));
      }
      assert(reduced.x.every((at, i) => i === 0 || at > reduced.x[i - 1]));
      assert(reduced.x.every((at, i) => Object.is(reduced.y.value[i], value[at])));
    }
  },
);
