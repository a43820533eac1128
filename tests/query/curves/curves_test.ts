import { openRepository } from "../../../lib/client/location/open_repository.ts";
import { copy } from "@std/fs/copy";
import { queryCurves } from "../../../lib/query/curves/query_curves.ts";
import { openSource } from "../../../lib/query/snapshot/source.ts";
import type { Curve } from "../../../lib/query/curves/curve.ts";
import { axisOf, levelsOf } from "../../../lib/query/curves/axis.ts";
import { smoothValues } from "../../../lib/query/curves/smooth.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";
import { scratch } from "../../e2e/dbx.ts";
import { serve } from "../../server/world.ts";

Deno.test({ name: "levelsOf: the word before each number", permissions: "none" }, () => {
  assertEquals(levelsOf("train/epoch/*/step/*"), ["epoch", "step"]);
  assertEquals(levelsOf("*/fold/*/*"), [undefined, "fold", undefined]);
  assertEquals(levelsOf("a\\:b/*/\\*"), ["a:b"]);
  assertEquals(levelsOf("loss"), []);
});

Deno.test({ name: "axisOf: levels before data, columns, what there is", permissions: "none" }, () => {
  const source = (event: string, ...keys: string[]) => ({ series: `${event}:loss`, event, keys: () => new Set(keys) });
  const nested = source("fold/*/epoch/*/step/*", "loss", "epoch", "lr", "a\\.b");
  assertEquals(axisOf("epoch", nested), { kind: "coordinate", at: 1 });
  assertEquals(axisOf("step", nested), { kind: "step" });
  assertEquals(axisOf("c0", nested), { kind: "coordinate", at: 0 });
  assertEquals(axisOf("lr", nested), { kind: "beside", key: "lr" });
  assertEquals(axisOf("a.b", nested), { kind: "beside", key: "a\\.b" });
  assertThrows(
    () => axisOf("epohc", nested),
    Error,
    'its events have no such level or number; did you mean "epoch"?; there are step, time, relative, fold, epoch, a',
  );
});

Deno.test(
  { name: "smoothValues: the mean of equal values is that value, from the first one on", permissions: "none" },
  () => {
    assertEquals([...smoothValues(Float64Array.of(3, 3, 3), 0.75)], [3, 3, 3]);
    assertEquals([...smoothValues(Float64Array.of(1, NaN, 4), 0.5)], [1, NaN, 3]);
  },
);

/** What a curve says, point by point. */
function rowsOf({ x, y, coordinates }: Curve): number[][] {
  return Array.from(x, (_, i) => [...Object.values(coordinates), x, ...Object.values(y)].map((column) => column[i]));
}

interface Event {
  readonly event: string;
  readonly data: Record<string, number | string>;
}

async function world(runs: readonly (readonly [params: Record<string, unknown>, events: readonly Event[]])[]) {
  const folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  for (const [params, events] of runs) {
    const experiment = await repository.experiment({ kind: "k", params: params as never });
    await using run = await experiment.run({ git: false, env: false });
    for (const { event, data } of events) run.log(event, data);
  }
  return { repository, path: `${folder.path}/r`, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** Two epochs of three steps each. */
const nested = (offset: number): Event[] =>
  [0, 1].flatMap((epoch) => [
    ...[0, 1, 2].map((step) => ({
      event: `train/epoch/${epoch}/step/${step}`,
      data: { loss: offset + 10 * epoch + step, samples: 64 * (3 * epoch + step), ...step > 0 && { lr: 0.5 } },
    })),
    { event: `val/epoch/${epoch}`, data: { loss: offset + epoch } },
  ]);

Deno.test("curves: nested loops, over step, a level, a number beside", async () => {
  await using made = await world([[{ seed: 1 }, nested(0)]]);
  const { repository } = made;
  const series = "train/epoch/*/step/*:loss";
  const one = async (x?: string) => rowsOf((await repository.series({ series, x }))[0]);
  assertEquals(await one(), [[0, 0, 0], [0, 1, 1], [0, 2, 2], [1, 0, 10], [1, 1, 11], [1, 2, 12]]);
  assertEquals(await one("epoch"), [[0, 0, 0], [1, 0, 1], [2, 0, 2], [0, 1, 10], [1, 1, 11], [2, 1, 12]]);
  assertEquals(await one("c0"), await one("epoch"));
  assertEquals((await one("samples")).map((row) => row[2]), [0, 64, 128, 192, 256, 320]);
  assertEquals((await one("lr")).map((row) => row[2]), [NaN, 0.5, 0.5, NaN, 0.5, 0.5]);
  // Both series have epochs, one of them alone has steps.
  assertEquals((await repository.series({ series: "loss", x: "epoch" })).length, 2);
  await assertRejects(
    () => repository.series({ series: "loss", x: "samples" }),
    Error,
    "there are step, time, relative, epoch",
  );
  await assertRejects(() => repository.series("los"), Error, 'did you mean "loss"?');
});

Deno.test("curves: a level that is x up to some point, and then no more", async () => {
  // So many that they are not read in one piece.
  const epochs = Array.from({ length: 20_000 }, (_, i) => i);
  const stepOf = (epoch: number) => epoch < 19_000 ? epoch : 100 * epoch;
  const events = epochs.map((epoch): Event => ({
    event: `epoch/${epoch}`,
    data: { loss: -epoch, ...stepOf(epoch) !== epoch && { step: stepOf(epoch) } },
  }));
  await using made = await world([[{}, events]]);
  const sources = [await openSource(made.path)];
  const [curve] = await queryCurves(sources, { series: "loss" });
  assertEquals([...curve.x], epochs.map(stepOf));
  assertEquals([...curve.coordinates.c0], epochs);
  const [over] = await queryCurves(sources, { series: "loss", x: "epoch" });
  assertEquals([[...over.x], over.coordinates], [epochs, {}]);
});

Deno.test("curves: statistics over seeds keep the loops apart", async () => {
  await using made = await world([[{ seed: 1 }, nested(0)], [{ seed: 2 }, nested(2)], [
    { seed: 3 },
    nested(7).slice(0, 5),
  ]]);
  const { repository } = made;
  const selector = { series: "train/epoch/*/step/*:loss", groupBy: ["kind"], aggregates: ["mean", "count"] as const };
  const [curve, ...rest] = await repository.series(selector);
  assertEquals(rest, []);
  assertEquals(curve.labels, { series: selector.series, kind: "k" });
  assertEquals(rowsOf(curve), [[0, 0, 3, 3], [0, 1, 4, 3], [0, 2, 5, 3], [1, 0, 13, 3], [1, 1, 12, 2], [
    1,
    2,
    13,
    2,
  ]]);
  const [over] = await repository.series({ ...selector, x: "epoch" });
  assertEquals(Object.keys(over.coordinates), ["c1"]);
  assertEquals([...over.x], [0, 0, 0, 1, 1, 1]);
  const [reduced] = await repository.series({ ...selector, points: 4 });
  assertEquals(reduced.coordinates.c0.length, reduced.x.length);
});

Deno.test("curves: groups are told apart by type", async () => {
  const one: Event[] = [{ event: "e/0", data: { loss: 1 } }];
  const values = [Infinity, -Infinity, undefined, "1", 1, "inf", 1.5, true, null, "null"];
  await using made = await world(values.map((a) => [a === undefined ? {} : { a }, one] as const));
  const curves = await made.repository.series({ series: "loss", groupBy: ["params.a"], aggregates: ["count"] });
  const groups = curves.map(({ labels, y }) => [labels["params.a"], y.count[0]] as const);
  const textOf = ([value, count]: readonly [unknown, number]) => `${typeof value} ${value} ${count}`;
  // TRUE is 1; null and what is not there are NULL.
  assertEquals(
    groups.map(textOf).sort(),
    ([[Infinity, 1], [-Infinity, 1], [null, 2], ["1", 1], [1, 2], ["inf", 1], [1.5, 1], ["null", 1]] as const)
      .map(textOf).sort(),
  );
});

Deno.test("curves: random loops and seeds, against SQL, in a folder and through a server", async () => {
  const start = testSeed();
  const random = new Random(start);
  const seeds = Array.from({ length: 8 }, (_, seed) => {
    const events: Event[] = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let step = 0; step < 4; step++) {
        if (random.next() < 0.2) continue;
        const loss = random.next() < 0.1 ? NaN : random.next() < 0.05 ? Infinity : 1e6 + random.next();
        events.push({ event: `train/epoch/${epoch}/step/${step}`, data: { loss } });
      }
    }
    return [{ seed, lr: seed % 2 }, events] as const;
  });
  await using made = await world(seeds);
  await using server = await serve({ path: made.path });
  for (const repository of [made.repository, await openRepository(server.url)]) {
    for (const x of ["step", "epoch"]) {
      const curves = await repository.series({
        series: "train/epoch/*/step/*:loss",
        x,
        groupBy: ["params.lr"],
        aggregates: ["mean", "std", "min", "max", "count"],
      });
      const found = curves.flatMap((curve) => {
        const lr = Number(curve.labels["params.lr"]);
        const [other] = Object.values(curve.coordinates);
        return Array.from(curve.x, (x, i) => [lr, x, other[i], ...Object.values(curve.y).map((column) => column[i])]);
      });
      const [own, other] = x === "step" ? ["c1", "c0"] : ["c0", "c1"];
      using answer = await repository.query(
        `SELECT params.lr, ${own}, ${other}, avg(value), stddev(value), min(value), max(value), count(value)
         FROM points JOIN experiments USING (exp) WHERE key = 'loss' AND value IS NOT NULL
         GROUP BY params.lr, c0, c1 ORDER BY params.lr, c0, c1`,
      );
      const expected = (await Array.fromAsync(answer)).map((row) =>
        row.map((value) => value === null ? NaN : Number(value))
      );
      // The order in which the seeds are listed may differ, and with it the last digits of deviations.
      const rounded = (rows: number[][]) => rows.map((row) => row.map((number) => Number(number.toPrecision(9))));
      assertEquals(rounded(found.toSorted((a, b) => a[0] - b[0])), rounded(expected), `seed ${start}`);
    }
  }
});

Deno.test("curves: a log with too many series, one run, conditions, deletion [slow]", async () => {
  const wide: Event = { event: "w", data: Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`k${i}`, i])) };
  await using made = await world([[{ seed: 1 }, [...nested(0), wide]], [{ seed: 2 }, nested(5)]]);
  const { repository } = made;
  const curves = await repository.series({ series: "val/epoch/*:loss", where: "params.seed = 1" });
  assertEquals(curves.map(rowsOf), [[[0, 0], [1, 1]]]);
  assertEquals((await repository.series({ series: "k7" })).map(rowsOf), [[[0, 7]]]);
  const [, other] = await repository.series({ series: "val/epoch/*:loss" });
  const run = String(other.labels.run);
  assertEquals(
    (await repository.series({ series: "val/epoch/*:loss", run: run.slice(0, 8) })).map(({ labels }) => labels),
    [
      other.labels,
    ],
  );
  const id = String(other.labels.exp);
  await repository.note(id, "dbx/tag", { tag: "best" });
  assertEquals((await repository.series({ series: "loss", tags: ["best"], kind: "k", since: "1d" })).length, 2);
  assertEquals(await repository.series({ series: "loss", tags: ["best"], status: "failed" }), []);
  await repository.note(id, "dbx/delete");
  assertEquals((await repository.series({ series: "val/epoch/*:loss" })).length, 1);
  assert((await repository.series({ series: "val/epoch/*:loss" }, { all: true })).length === 2);
});

Deno.test("curves: a log that grows, copies in two repositories", async () => {
  await using made = await world([[{ seed: 1 }, nested(0)]]);
  await using copied = await scratch();
  const series = "train/epoch/*/step/*:loss";
  const selector = { series, x: "samples", groupBy: ["kind"], aggregates: ["mean", "count"] as const };
  const { repository, path } = made;
  const index = `${copied.path}/index`;
  const source = async () => await openSource(path, { folder: index });
  assertEquals((await queryCurves([await source()], { series }))[0].x.length, 6);
  await copy(path, `${copied.path}/r`);
  const [{ labels }] = await repository.series({ series });
  const file = `${path}/${labels.exp}/runs/${labels.run}/log.jsonl`;
  const line = JSON.stringify({ event: "train/epoch/2/step/0", ts: Date.now(), loss: 20, samples: 384, lr: 1 });
  await Deno.writeTextFile(file, line + "\n", { append: true });
  // The index has the log in two parts now.
  const [grown] = await queryCurves([await source()], selector);
  assertEquals([...grown.x], [0, 64, 128, 192, 256, 320, 384]);
  assertEquals([...grown.y.mean], [0, 1, 2, 10, 11, 12, 20]);
  for (const repositories of [[path, `${copied.path}/r`], [`${copied.path}/r`, path]]) {
    const sources = await Promise.all(repositories.map((path) => openSource(path)));
    const [both, ...rest] = await queryCurves(sources, selector);
    assertEquals([rest.length, ...both.y.count], [0, 1, 1, 1, 1, 1, 1, 1]);
  }
});
