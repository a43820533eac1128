// Many experiments that nobody knows yet are read together. What comes of it is what comes of reading each for itself, whatever
// odd things stand among them, and whatever happens meanwhile.
import { despiteDamage } from "../../../lib/index/despite_damage.ts";
import type { Source } from "../../../lib/query/snapshot/rows/row_types.ts";
import { query } from "../../../lib/query/query.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { TIMESTAMP_GRANULARITY_MS } from "../../../lib/fs/files/timestamps.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { experimentId, makeGrowthRepository, runId } from "../../../scripts/bench/growth_repository.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";
import { nextSecond } from "../../fs/next_second.ts";

const MANY = 210;
const SECRET = "outside-the-repository";
/** A clock that is ahead: what changed just now, changed long ago. */
const later = { now: () => Date.now() + 60_000 };
const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };
const NOW = Date.now();

function make(path: string, experiments = MANY): void {
  makeGrowthRepository(path, { experiments, events: 3, lives: true });
}

/** The folders of an experiment and of its run. */
function placesOf(number: number): { exp: string; run: string } {
  return { exp: experimentId(number), run: `${experimentId(number)}/runs/${runId(number)}` };
}

/** With an index in `folder`, or in memory: then each experiment is read for itself. */
async function open(path: string, folder?: string): Promise<Source> {
  const repository = await openReader(path, { catalogue: new FileCatalogue(folder, later) });
  return sourceOf(repository, { folder, name: "r" });
}

const QUERIES = [
  "SELECT id, kind, created_at, params, runs, status FROM experiments ORDER BY id",
  "SELECT exp, run, status, started_at, duration_ms, hostname FROM runs ORDER BY run",
  "SELECT exp, run, log, event, key, step, value, ts FROM points ORDER BY run, log, key, step",
  "SELECT run, log, event, ts, data FROM events ORDER BY run, log, line",
];

/** All that can be asked, and what is said of damage. */
async function all(source: Source): Promise<unknown> {
  const rows: unknown[] = [];
  await despiteDamage([source.index], async () => {
    rows.length = 0;
    for (const sql of QUERIES) {
      const answer = [];
      for await (const row of await query([source], sql)) answer.push(row);
      rows.push(answer);
    }
  });
  const said = (problems: readonly { path: string; kind: string }[]) =>
    problems.map(({ path, kind }) => `${path} ${kind}`).sort();
  return { rows, problems: said(source.repository.problems), incomplete: said(source.repository.incomplete) };
}

/** Compares what is read together with what is read one by one, also by the process that comes next. */
async function compare(path: string): Promise<void> {
  const plain = await all(await open(path));
  for (let turn = 0; turn < 2; turn++) {
    const source = await open(path, `${path}/.dbx/index`);
    assertEquals(await all(source), plain);
    (source.repository.catalogue as FileCatalogue).save();
    assertEquals(source.index.bytesRead > 0, false, "the last question reads nothing");
    const { logs } = await takeSnapshot([source], NEEDS, { now: NOW });
    const files = logs.filter(({ points }) => points).map(({ file }) => file);
    assertEquals(await source.index.verify(files), { differ: [], behind: [] });
  }
}

/** Reads all into the index, as `dbx index` does: how many experiments were read together. */
async function index(path: string, signal?: AbortSignal, onProgress?: () => void): Promise<number> {
  const source = await open(path, `${path}/.dbx/index`);
  const options = { now: NOW, all: true, signal, onProgress, withoutRead: true };
  const { read, experiments } = await takeSnapshot([source], NEEDS, options);
  (source.repository.catalogue as FileCatalogue).save();
  return read.length === 0 ? 0 : MANY - experiments.length;
}

Deno.test("bulk reading: gives what reading each experiment for itself gives, with odd ones among them [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const outside = `${folder.path}/outside`;
  make(path);
  Deno.mkdirSync(outside);
  const line = (loss: number) => `{"event":"${SECRET}","ts":1,"loss":${loss}}\n`;
  for (const name of ["meta.json", "log.jsonl"]) Deno.writeTextFileSync(`${outside}/${name}`, line(7));
  const write = (name: string, text: string) => Deno.writeTextFileSync(`${path}/${name}`, text);
  const link = (name: string) => {
    Deno.removeSync(`${path}/${name}`, { recursive: true });
    Deno.symlinkSync(outside, `${path}/${name}`);
  };
  const at = placesOf;
  write(`${at(1).exp}/meta.json`, "{");
  write(`${at(2).run}/meta.json`, `{"id":3}`);
  write(`${at(3).exp}/meta.json`, Deno.readTextFileSync(`${path}/${at(4).exp}/meta.json`));
  Deno.removeSync(`${path}/${at(5).exp}/meta.json`);
  Deno.removeSync(`${path}/${at(6).run}/meta.json`);
  link(`${at(7).exp}/runs`);
  link(at(8).run);
  for (const [number, name] of [[9, "log.jsonl"], [10, "meta.json"], [11, "dbx.log.jsonl"]] as const) {
    Deno.removeSync(`${path}/${at(number).run}/${name}`);
    Deno.symlinkSync(`${outside}/log.jsonl`, `${path}/${at(number).run}/${name}`);
  }
  write(`${at(12).run}/log.jsonl`, line(1) + "no event\n" + line(2) + "torn");
  write(`${at(13).run}/long.log.jsonl`, line(1).repeat(25_000));
  write(`${at(14).run}/stdout.log.jsonl`, `{"event":"stdout","ts":1,"text":"x"}\n`);
  Deno.mkdirSync(`${path}/${at(15).exp}/notes`);
  write(`${at(15).exp}/notes/0000000000rep.log.jsonl`, `{"event":"dbx/delete","ts":1}\n`);
  Deno.removeSync(`${path}/${at(16).exp}/runs`, { recursive: true });
  write(`${at(17).run}/log.jsonl`, "");
  write(`${at(18).run}/odd\nname.log.jsonl`, line(1));
  Deno.removeSync(`${path}/${at(19).exp}`, { recursive: true });
  write(`${at(20).exp}/log.jsonl`, line(3)); // As in v0.
  // A second run, and experiments in a folder of their own.
  Deno.mkdirSync(`${path}/${at(21).exp}/runs/0000000000two`);
  write(`${at(21).exp}/runs/0000000000two/meta.json`, `{"id":"0000000000two","createdAt":"2020-01-01T00:00:00Z"}`);
  write(`${at(21).exp}/runs/0000000000two/log.jsonl`, line(4) + line(5));
  Deno.mkdirSync(`${path}/project`);
  for (let number = 22; number < 30; number++) {
    Deno.renameSync(`${path}/${at(number).exp}`, `${path}/project/${at(number).exp}`);
  }
  await compare(path);
  const text = JSON.stringify(await all(await open(path, `${path}/.dbx/index`)));
  assert(text.includes("0000000000two") && !text.includes(`"loss":7`));
});

Deno.test("bulk reading: what is known already is not read again, be it in the catalogue or in the index", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  make(path);
  assertEquals(await index(path), MANY);
  assertEquals(await index(path), 0);
  // Without the catalogue, logs are listed again and not read.
  Deno.removeSync(`${path}/.dbx/index/catalogue`, { recursive: true });
  const source = await open(path, `${path}/.dbx/index`);
  await takeSnapshot([source], NEEDS, { now: NOW });
  assertEquals([source.index.bytesRead, source.index.bytesWritten], [0, 0]);
  await compare(path);
});

/** Whether some file in a folder holds a text. */
function holds(folder: string, text: string): boolean {
  return Array.from(Deno.readDirSync(folder)).some(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? holds(path, text) : Deno.readTextFileSync(path).includes(text);
  });
}

Deno.test("bulk reading: runs that are closed are known to be, those that only seem so are not", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  make(path);
  const runs: { exp: string; run: string }[] = [];
  for (let number = 0; number < 3; number++) {
    const experiment = await (await openRepository(path)).experiment({ kind: "k" });
    const run = await experiment.run({ env: false, git: false, onWarning: () => {} });
    run.log("train/1", { loss: 1 });
    await run.finish();
    runs.push({ exp: experiment.folder, run: run.folder });
  }
  Deno.writeTextFileSync(`${path}/${runs[1].run}/log.jsonl`, `{"event":"x"}\n`, { append: true });
  Deno.writeTextFileSync(`${path}/${runs[2].run}/dbx.log.jsonl`, `{"event":"x"}\n`, { append: true });
  assertEquals(await index(path), MANY);
  const catalogue = new FileCatalogue(`${path}/.dbx/index`, later);
  const known = runs.map(({ exp }) => {
    const { dev: device, ino, mtime, ctime } = Deno.lstatSync(`${path}/${exp}/runs`);
    const state = { device, inode: ino!, modifiedAt: mtime!.getTime(), changedAt: ctime!.getTime() };
    return catalogue.experiment(exp)!.runs(state)![0];
  });
  const closed = known.map((run) => {
    const closed = run.closedLogs();
    return closed && { names: closed.names, bytes: closed.bytes };
  });
  const sizes = ["dbx.log.jsonl", "log.jsonl"].map((name) => Deno.lstatSync(`${path}/${runs[0].run}/${name}`).size);
  assertEquals(closed, [{ names: ["dbx", "log"], bytes: sizes[0] + sizes[1] }, undefined, undefined]);
  // How they ended is known as well, so that the first list of all does not read each life log.
  const repository = await openReader(path);
  const statuses = await Promise.all(runs.map(async ({ run }) => {
    return await (await repository.findRun(run.slice(run.lastIndexOf("/") + 1))).status();
  }));
  const kept = JSON.parse(JSON.stringify(statuses.slice(0, 2)));
  assertEquals(known.map((run) => run.ending()), [...kept, undefined]);
});

/** Does something before the call of the runtime with a path that ends in a text; `after`: behind it. */
async function at(
  call: "openSync" | "readDirSync" | "lstatSync",
  end: string,
  { before, after }: { readonly before?: () => void; readonly after?: () => void },
  work: () => Promise<unknown>,
): Promise<void> {
  const runtime = Deno as unknown as Record<string, (...args: unknown[]) => unknown>;
  const real = runtime[call];
  let isDone = false;
  runtime[call] = (...args) => {
    if (isDone || !String(args[0]).endsWith(end)) return real(...args);
    isDone = true;
    before?.();
    try {
      return real(...args);
    } finally {
      after?.();
    }
  };
  try {
    await work();
  } finally {
    runtime[call] = real;
  }
  assert(isDone, `${call} of ${end}`);
}

for (const what of ["meta.json", "log.jsonl", "run", "runs", "experiment"] as const) {
  for (const back of [false, true]) {
    const name = `${what} that becomes a link between the listing and the reading${
      back ? ", and is put back at once" : ""
    }`;
    Deno.test(`bulk reading: ${name}, is not followed [slow]`, async () => {
      await using folder = await scratch();
      const path = `${folder.path}/r`;
      const outside = `${folder.path}/outside`;
      make(path);
      const { exp, run } = placesOf(100);
      // The same from outside: names and ids fit.
      const target = {
        "meta.json": `${run}/meta.json`,
        "log.jsonl": `${run}/log.jsonl`,
        run,
        runs: `${exp}/runs`,
        experiment: exp,
      };
      const place = `${path}/${target[what]}`;
      makeGrowthRepository(outside, { experiments: 101, events: 3, lives: true });
      Deno.writeTextFileSync(
        `${outside}/${run}/meta.json`,
        JSON.stringify({ id: runId(100), createdAt: "2020-01-01T00:00:00Z", hostname: SECRET }),
      );
      // As long as the one in its place.
      const { size } = Deno.lstatSync(`${outside}/${run}/log.jsonl`);
      const line = `{"event":"${SECRET}","ts":1,"loss":7}`;
      Deno.writeTextFileSync(`${outside}/${run}/log.jsonl`, line + " ".repeat(size - line.length - 1) + "\n");
      // Only then it shows that folders change again; the clock of the test has the listing alone believe so.
      await nextSecond();
      const before = () => {
        Deno.renameSync(place, `${folder.path}/away`);
        Deno.symlinkSync(`${outside}/${target[what]}`, place);
      };
      const after = () => {
        Deno.removeSync(place);
        Deno.renameSync(`${folder.path}/away`, place);
      };
      const end = what === "log.jsonl" ? `${run}/log.jsonl` : `${run}/meta.json`;
      await at("openSync", end, { before, after: back ? after : undefined }, () => index(path));
      assert(!holds(`${path}/.dbx/index`, SECRET));
      const found = await all(await open(path, `${path}/.dbx/index`));
      assertEquals(found, await all(await open(path)));
    });
  }
}

Deno.test("bulk reading: a folder or file that vanishes, or a log that is cut, is nothing [slow]", async () => {
  for (const what of ["experiment", "run", "log.jsonl", "cut"]) {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    make(path);
    const { exp, run } = placesOf(100);
    const before = () => {
      if (what === "cut") Deno.truncateSync(`${path}/${run}/log.jsonl`, 10);
      else Deno.removeSync(`${path}/${{ experiment: exp, run }[what] ?? `${run}/${what}`}`, { recursive: true });
    };
    await at("openSync", `${run}/log.jsonl`, { before }, () => index(path));
    assertEquals(await all(await open(path, `${path}/.dbx/index`)), await all(await open(path)), what);
  }
});

Deno.test("bulk reading: given up in the middle, it changes nothing and frees the lock", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  make(path);
  const controller = new AbortController();
  const stop = { before: () => controller.abort() };
  const real = performance.now;
  let now = 0;
  performance.now = () => now += 200; // Each lot takes long.
  try {
    await at("openSync", `${placesOf(100).run}/log.jsonl`, stop, async () => {
      await assertRejects(() => index(path, controller.signal));
    });
  } finally {
    performance.now = real;
  }
  assertEquals([...Deno.readDirSync(`${path}/.dbx/index`)].filter(({ name }) => name !== "lock"), []);
  assertEquals(await index(path), MANY);
  await compare(path);
});

Deno.test("bulk reading: on a full disk questions are answered, and nothing is left of it [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  make(path);
  const plain = await all(await open(path));
  const { writeSync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.writeSync = () => {
    throw new Error("No space left on device (os error 28)");
  };
  try {
    assertEquals(await all(await open(path, `${path}/.dbx/index`)), plain);
  } finally {
    Deno.FsFile.prototype.writeSync = writeSync;
  }
  assertEquals([...Deno.readDirSync(`${path}/.dbx/index`)].filter(({ name }) => name.endsWith(".pack")), []);
  await compare(path);
});

/** Enough experiments for two threads. */
const FOR_THREADS = 3100;

Deno.test("bulk reading: two processes that index at once, with threads of their own, make one index [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  make(path, FOR_THREADS);
  // One log of which all is left to other threads.
  Deno.writeTextFileSync(`${path}/${placesOf(9).run}/log.jsonl`, `{"event":"x","loss":1}\n`.repeat(4000));
  // What changed just now is read one by one, and both processes have the clock of the system, as do the times of change.
  await new Promise((resolve) => setTimeout(resolve, TIMESTAMP_GRANULARITY_MS + 100));
  const [a, b] = await Promise.all([1, 2].map(() => dbx(["index", "--json", "-R", path])));
  for (const { code, stdout, stderr } of [a, b]) {
    assertEquals([code, stderr], [0, ""]);
    const { logs, series, points } = JSON.parse(stdout);
    assertEquals([logs, series, points], [2 * FOR_THREADS, 2 * FOR_THREADS - 1, 6 * FOR_THREADS - 6 + 4000]);
  }
  assertEquals([a, b].filter(({ stdout }) => JSON.parse(stdout).read > 0).length, 1, "one reads, the other waits");
  const verified = await dbx(["index", "--verify", "-R", path]);
  assertEquals([verified.code, verified.stdout], [0, ""]);
});

Deno.test("bulk reading: what a thread leaves that fails, another one reads [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  make(path, FOR_THREADS);
  const real = globalThis.Worker;
  globalThis.Worker = class {
    onmessage: ((message: { data: unknown }) => void) | undefined;
    postMessage({ work: { taken } }: { work: { taken: Int32Array } }): void {
      // It took a lot, and did not come to its end.
      taken[Atomics.add(taken, 0, 1) + 1] = 0;
      setTimeout(() => this.onmessage?.({ data: { error: "out of memory" } }));
    }
    terminate(): void {}
  } as unknown as typeof Worker;
  try {
    const source = await open(path, `${path}/.dbx/index`);
    const { read } = await takeSnapshot([source], NEEDS, { now: NOW, withoutRead: true });
    assertEquals(read.map(({ logs, points }) => [logs, points]), [[2 * FOR_THREADS, 6 * FOR_THREADS]]);
    const { logs } = await takeSnapshot([source], NEEDS, { now: NOW });
    assertEquals(logs.length, 2 * FOR_THREADS);
    assertEquals(source.index.bytesRead, 0);
  } finally {
    globalThis.Worker = real;
  }
});
