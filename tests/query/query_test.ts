import { openRepository } from "../../lib/logger/open.ts";
import { openReader } from "../../lib/repo/open.ts";
import { query, type QueryOptions, type QueryValue } from "../../lib/query/query.ts";
import { QueryError } from "../../lib/query/result/query_error.ts";
import type { Repository } from "../../lib/repo/repository.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

async function rows(repository: Repository, sql: string, options: QueryOptions = {}): Promise<QueryValue[][]> {
  using answer = await query(repository, sql, options);
  return await Array.fromAsync(answer);
}

/** A number of any kind that a training may log. */
function anyNumber(): number {
  const pick = seeded.next();
  if (pick < 0.05) return NaN;
  if (pick < 0.08) return seeded.next() < 0.5 ? Infinity : -Infinity;
  if (pick < 0.2) return Math.floor(seeded.next() * 5);
  if (pick < 0.3) return (seeded.next() - 0.5) * 1e300;
  return seeded.next() * 2 - 1;
}

interface Point {
  exp: string;
  series: string;
  idx: number;
  step: number;
  value: number;
}

Deno.test("query: points and metrics are what was logged, over random repositories", async () => {
  for (let round = 0; round < 8; round++) {
    await using folder = await scratch();
    const repository = await openRepository(`${folder.path}/r`);
    const points: Point[] = [];
    for (let e = 0; e < 1 + seeded.next() * 4; e++) {
      const experiment = await repository.experiment({ kind: "k", params: { e, "a.b": { "ü x": e * 2 } } });
      await using run = await experiment.run({ git: false, env: false, durability: "event" });
      const counts = new Map<string, number>();
      for (let i = 0; i < seeded.next() * 80; i++) {
        const data: Record<string, unknown> = {};
        const ownStep = seeded.next() < 0.3 ? Math.floor(seeded.next() * 10) : undefined;
        const at = Math.floor(seeded.next() * 10); // Repeated and out of order.
        for (const key of ["loss", "ключ", "a:b"]) {
          if (seeded.next() < 0.4) continue;
          const value = data[key] = anyNumber();
          const series = `train/*:${key}`;
          const idx = counts.get(series) ?? 0;
          counts.set(series, idx + 1);
          points.push({ exp: experiment.id, series, idx, step: ownStep ?? at, value });
        }
        if (ownStep !== undefined) data.step = ownStep;
        run.log(`train/${at}`, data);
      }
    }
    const reader = await openReader(`${folder.path}/r`);
    const found = await rows(reader, "SELECT exp, series, idx, step, value FROM points WHERE log = 'log'");
    const order = (a: unknown[], b: unknown[]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    const expected = points.map(({ exp, series, idx, step, value }) => [exp, series, idx, step, value]);
    assertEquals(found.sort(order), expected.sort(order) as QueryValue[][]);

    const metrics = await rows(reader, "SELECT exp, series, count, first, last, min, max, min_step FROM metrics");
    const groups = Map.groupBy(points, ({ exp, series }) => JSON.stringify([exp, series]));
    const sums = Array.from(groups.values(), (group) => {
      const values = group.map(({ value }) => value);
      const numbers = values.filter((value) => !Number.isNaN(value));
      const least = numbers.length === 0 ? NaN : Math.min(...numbers);
      const greatest = numbers.length === 0 ? NaN : Math.max(...numbers);
      const place = group.find(({ value }) => value === least) ?? group[0];
      return [group[0].exp, group[0].series, values.length, values[0], values.at(-1), least, greatest, place.step];
    });
    assertEquals(metrics.sort(order), sums.sort(order) as QueryValue[][]);
    // The two tables agree with one another.
    const differ = await rows(
      reader,
      `SELECT count(*) FROM (SELECT exp, series, count(*) c, min(value) a, max(value) z FROM points GROUP BY 1, 2) p
       JOIN metrics m ON p.exp = m.exp AND p.series = m.series
       WHERE c IS NOT m.count OR a IS NOT m.min OR z IS NOT m.max`,
    );
    assertEquals(differ, [[0]]);
    const params = await rows(reader, `SELECT params.e, params.a.b."ü x", params.e * 2 FROM experiments ORDER BY 1`);
    params.forEach(([e, a, b], at) => assertEquals([e, a, b], [at, at * 2, at * 2]));
  }
});

Deno.test("query: every table of v1 and v0 repositories", async () => {
  const fixtures = decodeURIComponent(new URL("../fixtures/", import.meta.url).pathname);
  for (const version of [0, 1]) {
    const reader = await openReader(`${fixtures}v${version}`);
    for (const table of ["experiments", "runs", "logs", "metrics", "points", "events", "files", "notes"]) {
      const [[count]] = await rows(reader, `SELECT count(*) FROM ${table}`, { all: true });
      if (table !== "notes" || version === 1) assert(Number(count) > 0, `${table} of version ${version}`);
      using answer = await query(reader, `SELECT * FROM ${table}`);
      await Array.fromAsync(answer);
    }
    const files = await rows(reader, "SELECT name, held, path FROM files WHERE held = 0");
    assert(files.length > 0 && files.every(([, , path]) => typeof path === "string"));
  }
});

Deno.test("query: NaN, infinities, large numbers; parameters; joins, windows, compounds", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  const experiment = await repository.experiment({
    kind: "k",
    params: { on: true, inf: Infinity, deep: { list: [1] } },
  });
  {
    await using run = await experiment.run({ git: false, env: false, durability: "event" });
    for (const v of [1, NaN, -Infinity, 1e308]) run.log("e", { v });
  }
  const reader = await openReader(`${folder.path}/r`);
  assertEquals(await rows(reader, "SELECT value FROM points"), [[1], [NaN], [-Infinity], [1e308]]);
  assertEquals(await rows(reader, "SELECT value FROM points WHERE value IS NULL"), [[NaN]]);
  assertEquals(await rows(reader, "SELECT count(*), count(value), max(value) FROM points"), [[4, 3, 1e308]]);
  assertEquals(await rows(reader, "SELECT params.on, params.inf, params.deep, params.deep.list FROM experiments"), [
    [1, Infinity, '{"list":[1]}', "[1]"],
  ]);
  assertEquals(await rows(reader, "SELECT :a, :b + 1, :c", { params: { a: "x'y", b: 2n ** 60n, c: true } }), [
    ["x'y", 2n ** 60n + 1n, 1],
  ]);
  const wide = `WITH w AS (SELECT idx, sum(idx) OVER (ORDER BY idx) s FROM points JOIN experiments USING (exp))
    SELECT s FROM w UNION ALL SELECT json_extract('{"a": 7}', '$.a')`;
  assertEquals(await rows(reader, wide), [[0], [1], [3], [6], [7]]);
  // An outer join makes NULLs of its own: they are no NaN.
  const outer = "SELECT p.value FROM experiments e LEFT JOIN points p ON p.exp = e.exp AND p.key = e.kind";
  assertEquals(await rows(reader, outer), [[null]]);
});

Deno.test("query: errors name the place and the near name; nothing can be written or read but the tables", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  const experiment = await repository.experiment({ kind: "k", params: { lr: 0.1 } });
  {
    await using run = await experiment.run({ git: false, env: false, durability: "event" });
    run.log("e", { val_loss: 1 });
  }
  const reader = await openReader(`${folder.path}/r`);
  for (
    const [sql, message, position] of [
      ["SELECT * FROM metrics WHERE key = 'val_los'", 'the series "val_los"; did you mean "val_loss"?', 34],
      ["SELECT params.lrr FROM experiments", '"params.lrr"; did you mean "params.lr"?', 7],
      ["SELECT data.val_lss FROM events", 'did you mean "data.val_loss"?', 7],
      ["SELECT vlue FROM points", 'did you mean "value"?', 7],
      ["SELECT 1 FROM pints", 'did you mean "points"?', 14],
      ["SELECT nonsense(1)", 'the function "nonsense"', 7],
      ["SELECT 1 +", "it ends too early", 10],
      ["SELECT * FROM points p JOIN metrics m USING (exp) WHERE series > 1", 'which column "series" is', 56],
      ["SELECT :x", 'the parameter "x" has no value', 7],
      ["SELECT ?", "without a name", 7],
      ["WITH a AS (SELECT 1) DELETE FROM experiments", "this would DELETE", 21],
      ["SELECT load_extension('x')", "load_extension", 7],
      ["SELECT zeroblob(3000000000) FROM points", "too big", undefined],
      ["SELECT sum(i) FROM (SELECT 9223372036854775807 i UNION ALL SELECT 1)", "overflow", undefined],
      ["SELECT readfile('/etc/passwd')", "readfile", 7],
    ] as const
  ) {
    const error = await assertRejects(() => rows(reader, sql), QueryError);
    assertStringIncludes(error.message, message);
    if (position !== undefined) assertEquals(error.position, position, sql);
  }
  const unused = await assertRejects(() => rows(reader, "SELECT :lr", { params: { lr: 1, l: 2 } }), QueryError);
  assertStringIncludes(unused.message, 'the query has no :l; did you mean "lr"?');
  // Where nothing was logged yet, every name may be right.
  const empty = await openRepository(`${folder.path}/empty`);
  assertEquals(await rows(empty, "SELECT params.lr, data.x FROM experiments, events WHERE event = 'a'"), []);
  assertEquals(await rows(empty, "SELECT value FROM points WHERE key = 'loss'"), []);
});

Deno.test("query: a bad line is told with its place, the rest is answered; deleted experiments only with all", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  const experiment = await repository.experiment({ kind: "k" });
  const gone = await repository.experiment({ kind: "gone" });
  const run = await experiment.run({ git: false, env: false, durability: "event" });
  run.log("e", { v: 1 });
  await run.finish();
  const log = `${folder.path}/r/${experiment.folder}/runs/${run.id}/log.jsonl`;
  await Deno.writeTextFile(log, '{broken\n{"event":"e","v":"2"}\n{"event":"e","v":3}\n{"event":"e","v":4', {
    append: true,
  });
  await Deno.mkdir(`${folder.path}/r/${gone.folder}/notes`);
  await Deno.writeTextFile(
    `${folder.path}/r/${gone.folder}/notes/abc.log.jsonl`,
    '{"event":"dbx/delete","ts":1}\n',
  );
  const reader = await openReader(`${folder.path}/r`);
  const problems: string[] = [];
  const onProblem = ({ path, line }: { path: string; line?: number }) => void problems.push(`${path}:${line}`);
  assertEquals(await rows(reader, "SELECT value FROM points WHERE log = 'log'", { onProblem }), [[1], [3]]);
  assertEquals(problems, [`${experiment.folder}/runs/${run.id}/log.jsonl:2`]);
  assertEquals(await rows(reader, "SELECT kind FROM experiments"), [["k"]]);
  assertEquals((await rows(reader, "SELECT kind FROM experiments", { all: true })).length, 2);
});

Deno.test("query: a signal ends it, while it loads and while it answers", async () => {
  await using folder = await scratch();
  const repository = await openRepository(`${folder.path}/r`);
  await repository.experiment({ kind: "k" });
  const reader = await openReader(`${folder.path}/r`);
  await assertRejects(() => rows(reader, "SELECT 1 FROM experiments", { signal: AbortSignal.abort() }), DOMException);
  const controller = new AbortController();
  using answer = await query(
    reader,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    { signal: controller.signal },
  );
  let count = 0;
  await assertRejects(async () => {
    for await (const _ of answer) if (++count === 5000) controller.abort();
  }, DOMException);
  assert(count < 10_000);
});
