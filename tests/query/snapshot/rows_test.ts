import { copy } from "@std/fs/copy";
import { type Snapshot, takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import type { SnapshotNeeds } from "../../../lib/query/snapshot/needs.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { GrowingLogs } from "../../../lib/query/snapshot/rows/growing_logs.ts";
import { narrowed } from "../../../lib/query/snapshot/narrowed.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { QuerySession } from "../../../lib/query/session/session.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { experimentId, makeGrowthRepository, runId } from "../../../scripts/bench/growth_repository.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const ALL: SnapshotNeeds = { status: true, runs: true, runStatus: true, logs: true, columns: true };
const NOW = Date.parse("2030-01-01");
const CLOCK = { now: () => Date.now() + 60_000 };

/** The repository as a process that was just started sees it, its clock ahead, so that what was made just now counts as old. */
async function opened(path: string) {
  const catalogue = new FileCatalogue(`${path}/.dbx/index`, CLOCK);
  const source = sourceOf(await openReader(path, { catalogue }), { folder: `${path}/.dbx/index` });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  return { source, catalogue };
}

/** Takes a snapshot by what earlier ones learnt, and has the next one know what this one learns. */
async function taken(path: string, needs = ALL): Promise<Snapshot> {
  const { source, catalogue } = await opened(path);
  const snapshot = await takeSnapshot([source], needs, { now: NOW, all: true, mostClosed: Infinity });
  catalogue.save();
  return snapshot;
}

/** The same by somebody who knows nothing. */
async function anew(path: string, needs = ALL): Promise<Snapshot> {
  const source = sourceOf(await openReader(path, { catalogue: new FileCatalogue(undefined, CLOCK) }));
  return await takeSnapshot([source], needs, { now: NOW, all: true });
}

/** How many logs have no row. */
function known({ logs }: Snapshot): number {
  assert(logs instanceof GrowingLogs);
  return Array.from({ length: logs.length }, (_, number) => logs.made(number)).filter((it) => it === undefined).length;
}

/** Gives an experiment a tag, as a copy does. */
async function tag(experiment: string): Promise<void> {
  await Deno.mkdir(`${experiment}/notes`);
  const note = JSON.stringify({ event: "dbx/tag", ts: 1, tag: "t" }) + "\n";
  await Deno.writeTextFile(`${experiment}/notes/0replica00001.log.jsonl`, note);
}

const QUERIES = [
  "SELECT id, kind, created_at, status, params.lr, params.model, duration_ms, tags FROM experiments ORDER BY id",
  "SELECT run, exp, status, hostname FROM runs ORDER BY run",
  "SELECT log, exp, run, bytes FROM logs ORDER BY run, log",
  "SELECT exp, run, key, count, min, max, last FROM metrics ORDER BY exp, run, key",
  "SELECT step, sum(value), count(*) FROM points GROUP BY step ORDER BY step",
  "SELECT event, count(*), min(ts) FROM events GROUP BY event ORDER BY event",
  'SELECT id, "min:loss" FROM experiments ORDER BY 2, 1 LIMIT 5',
];

async function answers(snapshot: Snapshot): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const sql of QUERIES) {
    using answer = await new QuerySession(snapshot).query(sql);
    all.push(await Array.fromAsync(answer));
  }
  return all;
}

/** What the rows say, those by number and those that are made. */
function told({ experiments, runs, logs }: Snapshot): unknown {
  const ofExperiments = experiments.ids().map((id, number) => {
    const [createdAt, params] = [experiments.createdAt(number), experiments.params(number)];
    const { experiment, runs, status, notes } = experiments.at(number);
    assertEquals([experiment.id, experiment.createdAt, experiment.params], [id, createdAt, params]);
    return [id, createdAt, params, experiment.folder, experiment.kind, runs, status, notes.tags];
  });
  const ofRuns = runs.ids().map((id, number) => {
    const status = runs.statusOf(number);
    const { exp, run, status: own } = runs.at(number);
    assertEquals([run.id, own, exp], [id, status, experiments.at(runs.owners[number])]);
    return [id, run.folder, status, run.definition];
  });
  const ofLogs = Array.from(logs.owners, (owner, number) => {
    const said = [logs.hasPoints(number), logs.bytesOf(number), logs.parts(number)?.length, logs.isIndexed(number)];
    const { run, name, points, file, parts } = logs.at(number);
    assertEquals([points, file.size, parts?.length, said[3]], said);
    assertEquals(run, runs.at(owner));
    return [file.path, name, file.modifiedAt, points, file.size];
  });
  const order = (a: unknown[], b: unknown[]) => String(a[0]) < String(b[0]) ? -1 : 1;
  // What is undefined and what is absent is the same.
  return JSON.parse(JSON.stringify([ofExperiments.sort(order), ofRuns.sort(order), ofLogs.sort(order)]));
}

Deno.test("snapshots: settled experiments are positions, and say what rows say", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 220, events: 3, lives: true, seals: true });
  await tag(`${path}/${experimentId(7)}`);
  await taken(path);
  const snapshot = await taken(path);
  // All but those of the experiment with notes.
  assertEquals(known(snapshot), 438);
  assertEquals(told(snapshot), told(await anew(path)));
  // Queries make rows of nothing but what they ask.
  const asked = await taken(path);
  using best = await new QuerySession(asked).query(
    "SELECT exp, min FROM metrics WHERE key = 'loss' ORDER BY min LIMIT 1",
  );
  assertEquals((await Array.fromAsync(best)).length, 1);
  assertEquals(known(asked), 438);
  assertEquals(await answers(asked), await answers(await anew(path)));
  const some = [experimentId(3), experimentId(17), "none000000000"];
  assertEquals(narrowed(await taken(path), some).runs.ids().sort(), [runId(3), runId(17)].sort());
});

Deno.test("snapshots: experiments of one folder stand together, those of two folders or repositories do not", async () => {
  await using folder = await scratch();
  const [one, two] = [`${folder.path}/one`, `${folder.path}/two`];
  for (const path of [one, two]) makeGrowthRepository(path, { experiments: 5, events: 1, lives: true, seals: true });
  const look = async (...paths: string[]) => {
    const sources = await Promise.all(paths.map(async (path) => (await opened(path)).source));
    return (await takeSnapshot(sources, ALL, { now: NOW, all: true })).experiments;
  };
  for (let turn = 0; turn < 3; turn++) await taken(one);
  const known = await look(one);
  assert(known.standTogether());
  assertEquals(known.ids().map((id) => known.numberOf(id)), [0, 1, 2, 3, 4]);
  assertEquals(known.numberOf("zzzzzzzzzzzzz"), undefined);
  assert(!(await look(one, two)).standTogether());
  // A copy of one in a folder of its own has the same id.
  await Deno.mkdir(`${one}/named`);
  await copy(`${one}/${experimentId(0)}`, `${one}/named/${experimentId(0)}`);
  assert(!(await look(one)).standTogether());
});

Deno.test("snapshots: whatever changes in one of many experiments is seen, and the others stay positions [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 220, events: 3, lives: true, seals: true });
  await taken(path);
  const of = (number: number) => `${path}/${experimentId(number)}`;
  const changes: (() => Promise<void> | void)[] = [
    // By a program that knows nothing of dbx's rules, as `cp -r` does.
    () => tag(of(1)),
    async () => {
      await Deno.mkdir(`${of(2)}/runs/0run000000000`);
      await Deno.copyFile(`${of(2)}/runs/${runId(2)}/log.jsonl`, `${of(2)}/runs/0run000000000/log.jsonl`);
      const meta = JSON.stringify({ id: "0run000000000", createdAt: "2026-01-01T00:00:00.000Z" });
      await Deno.writeTextFile(`${of(2)}/runs/0run000000000/meta.json`, meta);
    },
    () => Deno.remove(of(3), { recursive: true }),
    () => Deno.remove(`${of(4)}/runs/${runId(4)}`, { recursive: true }),
    async () => {
      // A closed run grows, and that is shown in `runs/`.
      const line = JSON.stringify({ event: "train/step", ts: 9, step: 9, loss: -1 }) + "\n";
      await Deno.writeTextFile(`${of(5)}/runs/${runId(5)}/log.jsonl`, line, { append: true });
      await Deno.utime(`${of(5)}/runs`, new Date(1e12), new Date(1e12));
    },
    async () => {
      await using other = await scratch();
      makeGrowthRepository(other.path, { experiments: 222, events: 3, lives: true, seals: true });
      for (const number of [220, 221]) await Deno.rename(`${other.path}/${experimentId(number)}`, of(number));
    },
  ];
  for (const change of changes) {
    await change();
    const snapshot = await taken(path);
    assertEquals(told(snapshot), told(await anew(path)));
    assertEquals(await answers(await taken(path)), await answers(await anew(path)));
    assert(known(await taken(path)) >= 400, "most are positions");
  }
});

Deno.test("snapshots: where the index gets other files during a listing, positions are those in them", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 220, events: 3, lives: true, seals: true });
  await taken(path);
  // Most of what the pack holds is no longer so.
  for (let number = 0; number < 130; number++) {
    const runs = `${path}/${experimentId(number)}/runs`;
    for (const log of ["log", "dbx.log"]) {
      await Deno.writeTextFile(`${runs}/${runId(number)}/${log}.jsonl`, '{"event":"e","ts":1,"loss":5}\n');
    }
    // The log of its life is looked at again where its folder has changed.
    for (const changed of [`${runs}/${runId(number)}`, runs]) await Deno.utime(changed, new Date(1e12), new Date(1e12));
  }
  const { source } = await opened(path);
  source.index.load();
  const { packs } = source.index.held;
  const snapshot = await takeSnapshot([source], ALL, { now: NOW, all: true });
  const { held } = source.index;
  assert(packs.every((pack) => !held.packs.includes(pack)), "the index has other packs");
  assert(known(snapshot) >= 180);
  for (const pack of snapshot.logs.packs()) assert(held.packs.includes(pack));
  assertEquals(told(snapshot), told(await anew(path)));
  assertEquals(await answers(snapshot), await answers(await anew(path)));
});
