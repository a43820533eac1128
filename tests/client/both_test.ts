// One suite for a repository in a folder and behind a URL.
import { type AnyRepository, openRepository } from "../../lib/client/location/open_repository.ts";
import { LocalRepository } from "../../lib/client/local_repository.ts";
import { RemoteRepository } from "../../lib/client/remote_repository.ts";
import { listSpools } from "../../lib/client/spool/list.ts";
import { Spool } from "../../lib/client/spool/spool.ts";
import type { ListRequest } from "../../lib/query/list/list.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { readQueue } from "../../lib/repo/control/queue.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";
import { randomQuery } from "../query/random_query.ts";
import { randomRepository } from "../query/random_repository.ts";
import { serve } from "../server/world.ts";

/** A repository of either kind, and the folder that it is in the end. */
interface World extends AsyncDisposable {
  readonly repo: AnyRepository;
  readonly path: string;
}

async function inFolder(): Promise<World> {
  const folder = await scratch();
  const path = `${folder.path}/repo`;
  const repo = await openRepository(path) as LocalRepository;
  return {
    repo,
    path,
    async [Symbol.asyncDispose]() {
      await repo.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function behindUrl(): Promise<World> {
  const server = await serve({ token: "a token for the tests" });
  await initRepository(server.path);
  const repo = await openRepository(server.url, { token: "a token for the tests", spool: `${server.beside}/spool` });
  return {
    repo,
    path: server.path,
    async [Symbol.asyncDispose]() {
      assert(await repo.close(10_000), "the server has everything");
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Waits until a condition holds: what is logged arrives in its time. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("it did not come about");
}

for (const [name, make] of [["in a folder", inFolder], ["behind a URL", behindUrl]] as const) {
  Deno.test(`repository ${name}: logged, listed, found, read, asked, followed, noted`, async (test) => {
    await using world = await make();
    const { repo } = world;
    const experiment = await repo.experiment({
      kind: "k",
      name: "a/b",
      params: { lr: 0.1, big: 2 ** 60 },
      extra: { note: "x" },
    });
    await experiment.tag("good");
    const run = await experiment.run({ git: false, env: false, durability: "event" });
    run.log("train/0", { loss: 1, text: "ü\u0000" });
    run.log("train/1", { loss: NaN });
    await run.file("weights.bin", new Uint8Array(3_000_000).fill(7));
    await run.finish();
    const count = async () => {
      using answer = await repo.query("SELECT count(*) FROM points WHERE key = 'loss'");
      return Number((await Array.fromAsync(answer))[0][0]);
    };
    await until(async () => await count().catch(() => 0) === 2);
    await until(async () => (await repo.findExperiment(experiment.id)).notes().then(({ tags }) => tags.length === 1));
    // The log that seals the others comes after them.
    await until(async () => (await (await repo.findRun(run.id)).status()).status === "finished");

    await test.step("listed, found, read", async () => {
      const [listed] = await Array.fromAsync(repo.experiments());
      assertEquals([listed.id, listed.kind, listed.name], [experiment.id, "k", "a/b"]);
      assertEquals(listed.params, { lr: 0.1, big: 2 ** 60 });
      assertEquals(listed.extra, { note: "x" });
      const found = await repo.findRun(run.id.slice(0, 8));
      assertEquals(found.id, run.id);
      assertEquals((await found.status()).status, "finished");
      assertEquals((await found.logs()).sort(), ["dbx", "log"]);
      const events = await Array.fromAsync(found.log().read());
      assertEquals(events.map(({ event }) => event), ["train/0", "train/1", "dbx/file"]);
      assertEquals(events[0].data, { loss: 1, text: "ü\u0000" });
      assertEquals((await found.log().last(1))[0].event, "dbx/file");
      await assertRejects(() => repo.findExperiment("zzzzzzz"), Error, "no id starts with");
    });

    await test.step("asked: columns, parameters, values of every kind", async () => {
      using answer = await repo.query("SELECT step, value, :x AS x FROM points WHERE key = 'loss' ORDER BY step", {
        x: 5,
      });
      assertEquals(answer.columns, ["step", "value", "x"]);
      assertEquals(await Array.fromAsync(answer), [[0, 1, 5], [1, NaN, 5]]);
      using exact = await repo.query("SELECT 9007199254740993, x'0102', NULL, 1e999, '\u00e9'");
      assertEquals(await Array.fromAsync(exact), [[9007199254740993n, Uint8Array.of(1, 2), null, Infinity, "é"]]);
    });

    await test.step("asked: rows as objects", async () => {
      const objects = await repo.query("SELECT step, value, step FROM points ORDER BY step").objects<
        { step: number; value: number; step_1: number }
      >();
      assertEquals(objects, [{ step: 0, value: 1, step_1: 0 }, { step: 1, value: NaN, step_1: 1 }]);
      const streamed: unknown[] = [];
      for await (const row of repo.query("SELECT 1 AS a, 'x' AS __proto__ FROM runs").objects()) {
        streamed.push(Object.entries(row));
      }
      assertEquals(streamed, [[["a", 1], ["__proto__", "x"]]]);
      await assertRejects(async () => void await repo.query("SELECT nosuch FROM points").objects(), Error, "nosuch");
    });

    await test.step("asked: columns as arrays, curves, and what there is not", async () => {
      const columns = await repo.columns("SELECT value FROM points WHERE key = 'loss' ORDER BY step");
      assertEquals([...columns.value as Float64Array], [1, NaN]);
      const [curve] = await repo.series("loss");
      assertEquals([...curve.y.value], [1, NaN]);
      assertEquals(curve.labels.run, run.id);
      await assertRejects(async () => void await repo.query("SELECT nosuch FROM points"), Error, "nosuch");
      await assertRejects(() => repo.series("nosuch"), Error, "Cannot find the series");
    });

    await test.step("described, and a view that stands still", async () => {
      const { tables, keys } = await repo.schema();
      assert(
        tables.some((table) => table.name === "experiments" && table.dotted.some((part) => part.name === "params.lr")),
      );
      assertEquals(keys.find(({ key }) => key === "loss"), { key: "loss", series: 1, points: 2 });
      const view = await repo.view();
      using seen = await view.query("SELECT count(*) FROM runs");
      assertEquals(await Array.fromAsync(seen), [[1]]);
    });

    await test.step("noted: notes and requests", async () => {
      await repo.note(experiment.id, "dbx/note", { text: "hello" });
      await until(async () => (await (await repo.findExperiment(experiment.id)).notes()).notes.length === 1);
      const stop = { command: "stop", id: "0123456789abc", run: run.id, grace: 5 };
      await repo.note(experiment.id, "dbx/command", stop);
      const [request] = await repo.requests(experiment.id);
      assertEquals({ ...request, ts: 0 }, { ...stop, ts: 0 } as never);
      const start = { command: "start", id: "1123456789abc", run: "2123456789abc", cmd: ["true"] };
      await repo.note(experiment.id, "dbx/command", start);
      const [item] = await readQueue(repo, Date.now());
      assertEquals([item.state, item.request.cmd], ["queued", ["true"]]);
    });

    await test.step("an experiment that is opened again gets another run", async () => {
      const again = await repo.experiment(experiment.id.slice(0, 6));
      const second = await again.run({ git: false, env: false, durability: "event" });
      second.log("train/0", { loss: 3 });
      await second.finish();
      await until(async () => await count() === 3);
    });
  });

  Deno.test(`repository ${name}: a live query tells the answer, then what changes`, async () => {
    await using world = await make();
    const { repo } = world;
    const experiment = await repo.experiment({ kind: "k" });
    const run = await experiment.run({ git: false, env: false, durability: "event" });
    run.log("a", { x: 0 });
    await until(async () => {
      using answer = await repo.query("SELECT count(*) FROM runs");
      return Number((await Array.fromAsync(answer))[0][0]) === 1;
    });
    const controller = new AbortController();
    let turn = 0;
    for await (
      const { columns, rows } of repo.live("SELECT max(value) AS top, count(*) AS n FROM points", {}, {
        signal: controller.signal,
      })
    ) {
      assertEquals(columns, ["top", "n"]);
      const n = Number(rows[0][1]);
      if (n < turn + 1) continue;
      assertEquals(rows, [[turn, turn + 1]]);
      if (++turn === 5) break;
      run.log("a", { x: turn });
    }
    await assertRejects(async () => void await repo.live("SELECT nosuch FROM points").next(), Error, "nosuch");
    await run.finish();
    controller.abort();
  });
}

Deno.test("repository behind a URL: a server that says nothing, or is not there, holds up no training [slow]", async () => {
  await using folder = await scratch();
  for (const way of ["silent", "away"]) {
    const spool = `${folder.path}/${way}`;
    const said: string[] = [];
    const repo = RemoteRepository.unopened("http://127.0.0.1:1", {
      spool,
      onMessage: (message) => said.push(message),
      // Not even the signal of a request ends the waiting.
      ...(way === "silent" && { transport: () => new Promise<Response>(() => {}) }),
    });
    const from = performance.now();
    const experiment = await repo.experiment({ kind: "k" });
    const run = await experiment.run({ git: false, env: false });
    for (let i = 0; i < 10_000; i++) run.log("e", { i });
    assertEquals(await run.finish(), { events: 10_000, lost: 0, reasons: [] });
    assert(performance.now() - from < 2000, "logging waits for the disk only");
    const before = performance.now();
    assertEquals(await repo.close(500), false);
    assert(performance.now() - before < 5000, "the end does not wait longer than it was told");
    assert(said.some((message) => /waits in/.test(message)), said.join("\n"));
    let [kept] = await listSpools(spool, Date.now());
    // A process that another test is just starting has the files of this one, and the lock, for a moment.
    for (let turn = 0; kept.isAlive && turn < 250; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      [kept] = await listSpools(spool, Date.now());
    }
    assertEquals([kept.isAlive, kept.hasEnded], [false, true]);
    await using server = await serve();
    await initRepository(server.path);
    const there = await openRepository(server.url as `http://${string}`, { spool });
    await Spool.open(kept.path, there.store)!.sendAll(new AbortController().signal, true);
    using answer = await there.query("SELECT count(*) FROM events WHERE log = 'log'");
    assertEquals(await Array.fromAsync(answer), [[10_000]]);
  }
});

Deno.test("repository behind a URL: random queries, lists and ids find there what they find in the folder [slow]", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  await randomRepository(random, path);
  const ids = [...(await Array.fromAsync(walk(path))).join("/").matchAll(/[0-9a-z]{13}/g)].map(([id]) => id);
  await using server = await serve({ path });
  const near = new LocalRepository(new LocalStore(path), 1, undefined, `${folder.path}/index`);
  const far = await openRepository(server.url, { spool: `${folder.path}/spool` });
  const same = async (what: string, ask: (repo: AnyRepository) => Promise<unknown>) => {
    const [a, b] = await Promise.all([near, far].map(async (repo) => {
      try {
        return await ask(repo);
      } catch (error) {
        const { name, message } = error as Error;
        return { name, error: message.split("\n")[0].replaceAll(repo.location, "here") };
      }
    }));
    assertEquals(b, a, `seed ${seed}: ${what}`);
  };
  for (let turn = 0; turn < 150; turn++) {
    const { sql, params } = randomQuery(random);
    await same(sql, async (repo) => {
      using answer = await repo.query(sql, params as never);
      const rows = await Array.fromAsync(answer);
      return {
        columns: answer.columns,
        rows: rows.map((row) => row.map((cell) => (cell === repo.location ? "here" : shown(cell)))).sort(byText),
      };
    });
  }
  for (let turn = 0; turn < 100; turn++) {
    const request = randomList(random);
    await same(JSON.stringify(request), async (repo) => {
      const { columns, rows, ...more } = await repo.list(request);
      return { columns, rows: rows.map((row) => row.map((cell, at) => (columns[at] === "age" ? 0 : cell))), ...more };
    });
    const id = random.next() < 0.1 || ids.length === 0 ? "nosuch" : ids[random.below(ids.length)];
    const prefix = id.slice(0, [1, 2, 5, 13][random.below(4)]);
    await same(prefix, async (repo) => {
      const { definition, folder, runV0 } = await repo.findExperiment(prefix);
      return { definition, folder, runV0 };
    });
    await same(prefix, async (repo) => {
      const { definition, folder, experiment } = await repo.findRun(prefix);
      return { definition, folder, exp: experiment.id };
    });
  }
});

async function* walk(path: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    yield name;
    if (isDirectory) yield* walk(`${path}/${name}`);
  }
}

function randomList(random: Random): ListRequest {
  const columns = [
    "id",
    "kind",
    "created",
    "duration",
    "status",
    "runs",
    "tags",
    "host",
    "command",
    "params.lr",
    "nosuch",
  ];
  columns.push(
    "params.opt.name",
    "last:loss",
    "min:val:loss",
    "count:w*",
    "max:точность",
    "first:nosuch",
    "params.model",
  );
  const one = () => columns[random.below(columns.length)];
  const maybe = <T>(chance: number, value: () => T) => (random.next() < chance ? value() : undefined);
  return {
    cols: maybe(0.7, () => ["id", ...Array.from({ length: random.below(4) }, one)]),
    params: maybe(0.3, () => random.below(3)),
    // Without a column of times that go on.
    sort: maybe(0.6, () => (random.next() < 0.5 ? "-" : "") + one()),
    limit: maybe(0.3, () => random.below(4)),
    kind: maybe(0.2, () => "train"),
    name: maybe(0.1, () => "*"),
    tags: maybe(0.1, () => ["good"]),
    status: maybe(0.2, () => "unknown"),
    all: maybe(0.2, () => true),
  };
}

function shown(value: unknown): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && Number.isFinite(value)
    ? value.toPrecision(10)
    : value;
}

function byText(a: unknown[], b: unknown[]): number {
  const [x, y] = [a, b].map((row) => row.map(String).join("|"));
  return x < y ? -1 : x > y ? 1 : 0;
}
