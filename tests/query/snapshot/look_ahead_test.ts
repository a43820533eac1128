import { openRepository } from "../../../lib/logger/open.ts";
import { lookAtRows } from "../../../lib/query/snapshot/catalogue/ahead/look_at_rows.ts";
import { emptyLooks, Seen, Turn, UNSEEN } from "../../../lib/query/snapshot/catalogue/ahead/looks.ts";
import { Prefetcher } from "../../../lib/query/snapshot/catalogue/ahead/look_ahead.ts";
import { Segment } from "../../../lib/query/snapshot/catalogue/segment/segment.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { VerifiedFolder } from "../../../lib/fs/links/verified_folder.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { makeGrowthRepository } from "../../../scripts/bench/growth_repository.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

/** What a question sees, with as many threads as there may be from so many experiments on. */
async function seen(path: string, from: number): Promise<string[]> {
  const folder = `${path}/.dbx/index`;
  const catalogue = new FileCatalogue(folder, { now: () => Date.now() + 60_000, worthAhead: from });
  const repository = await openReader(path, { catalogue });
  const source = sourceOf(repository, { folder });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  let hasWaited = false;
  const { store } = repository;
  const look = store.look!.bind(store);
  store.look = (name) => {
    if (name !== "" && !hasWaited && from === 1) {
      // Time for the other threads to begin.
      hasWaited = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
    return look(name);
  };
  const snapshot = await takeSnapshot([source], NEEDS, { now: Date.now() });
  const logs = snapshot.logs.map(({ run, name, file, parts }) => {
    const lines = (parts ?? []).reduce((sum, { pack, part }) => sum + pack.directory.parts.lines[part], 0);
    return `${run.exp.experiment.id} ${run.run.id} ${name} ${file.size} ${lines}`;
  });
  catalogue.save();
  return logs.sort();
}

/** The file of a catalogue that knows the most experiments. */
function largest(folder: string): Segment {
  const files = Array.from(Deno.readDirSync(folder), ({ name }) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".cat"));
  const all = files.map((path) => new Segment(path, Deno.statSync(path).size));
  return all.sort((a, b) => b.count - a.count)[0];
}

Deno.test("LookAhead: a listing that other threads look ahead for sees what one alone sees, whatever changes [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 600, events: 2, lives: true });
  for (let turn = 0; turn < 2; turn++) await seen(path, Infinity);
  const names = Array.from(Deno.readDirSync(path), ({ name }) => name).filter((name) => name.length === 13).sort();
  const runOf = (exp: string) => `${path}/${exp}/runs/${Array.from(Deno.readDirSync(`${path}/${exp}/runs`))[0].name}`;
  const line = `{"event":"late","ts":1,"x":1}\n`;
  const changes: ((exp: string) => void)[] = [
    () => {},
    (exp) => Deno.writeTextFileSync(`${runOf(exp)}/log.jsonl`, line, { append: true }),
    (exp) => Deno.writeTextFileSync(`${runOf(exp)}/more.log.jsonl`, line),
    (exp) => Deno.removeSync(`${runOf(exp)}/log.jsonl`),
    (exp) => Deno.removeSync(runOf(exp), { recursive: true }),
    (exp) => Deno.removeSync(`${path}/${exp}`, { recursive: true }),
    (exp) => {
      Deno.renameSync(`${runOf(exp)}/log.jsonl`, `${path}/.elsewhere`);
      Deno.symlinkSync(`${path}/.elsewhere`, `${runOf(exp)}/log.jsonl`);
    },
  ];
  // The last ones are those that the other threads come to first.
  for (const [at, change] of changes.entries()) {
    for (const exp of [names[3 + at], names[names.length - 3 - at]]) change(exp);
    const ahead = await seen(path, 1);
    const alone = await seen(path, Infinity);
    assertEquals(ahead, alone);
  }
});

Deno.test("lookAtRows: says what is as a file of the catalogue says, until it meets the other thread [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 600, events: 1, lives: true });
  await seen(path, Infinity);
  const segment = largest(`${path}/.dbx/index/catalogue`);
  assertEquals(segment.count, 600);
  const first = segment.firstLogs;
  assertEquals(first[600], 1200);
  Deno.writeTextFileSync(`${path}/${segment.idAt(599)}/new`, "");
  Deno.removeSync(`${path}/${segment.idAt(598)}/runs`, { recursive: true });
  const looks = emptyLooks(600, 600, first[600]);
  looks.turns[0] = Turn.Own;
  lookAtRows(segment, new VerifiedFolder(path, () => Date.now() + 60_000), { depth: "logs" }, looks);
  assertEquals([...looks.turns], [Turn.Own, Turn.Done, Turn.Done]);
  assertEquals([...looks.experiments.slice(0, 256)], new Array(256).fill(0));
  assertEquals([...looks.experiments.slice(256, 598)], new Array(342).fill(Seen.Still | Seen.Runs));
  assertEquals([...looks.experiments.slice(598)], [0, 0]);
  const log = first[300] + 1;
  assert(looks.sizes[log] > 0 && looks.times[log] > 0);
  assertEquals(looks.sizes[first[100]], UNSEEN);
});

Deno.test("LookAhead: what a worker saw is told; one that cannot begin leaves all to the listing", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k" });
  await (await experiment.run({ git: false, env: false })).finish();
  for (let turn = 0; turn < 2; turn++) await seen(folder.path, Infinity);
  const segment = largest(`${folder.path}/.dbx/index/catalogue`);
  {
    using ahead = Prefetcher.begin(segment, folder.path, "runs", 1);
    assert(ahead !== undefined);
    for (let turn = 0; turn < 300 && !ahead.isDone(0); turn++) await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals([ahead.isStill(0), ahead.hasRuns(0)], [true, true]);
  }
  Deno.removeSync(segment.file.path);
  using ahead = Prefetcher.begin(segment, folder.path, "runs", 0);
  assert(ahead !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(ahead.isStill(0), false);
});
