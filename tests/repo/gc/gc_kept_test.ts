// What gc must never remove, each case made on purpose.
import { createHash } from "node:crypto";
import { openRepository } from "../../../lib/client/location/open_repository.ts";
import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { replicaId } from "../../../lib/logger/replica.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { collectGarbage, type GcOptions, type GcReport } from "../../../lib/repo/gc/gc.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { putObject } from "../../../lib/store/local/objects.ts";
import { expfile } from "../../../lib/format/json/special_values.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";

const DAY = 86_400_000;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const isThere = (path: string): Promise<boolean> => Deno.lstat(path).then(() => true, () => false);

/** A repository with an object that is old, and an experiment with one run whose log is to refer to it. */
async function world(path: string) {
  await initRepository(path);
  const store = new LocalStore(path);
  const { sha256 } = await putObject(store, encode("kept"));
  const { folder, definition } = await createExperiment(store, { kind: "k" });
  const file = expfile({ exp: definition.id, name: "f", sha256 });
  const object = `${path}/objects/${sha256.slice(0, 2)}/${sha256}`;
  return { path, store, sha256, file, object, folder, exp: definition.id };
}

/** Two days later, by all clocks. */
async function collect(path: string, options: Partial<GcOptions> = {}): Promise<GcReport> {
  const store = new LocalStore(path);
  return await collectGarbage(await openReader(store), store, { olderThan: 0, now: Date.now() + 2 * DAY, ...options });
}

type World = Awaited<ReturnType<typeof world>>;

/** An ended run with these bytes in its log. */
async function runWith({ store, folder }: World, bytes: Uint8Array): Promise<void> {
  const run = await createRun(store, folder, {});
  await store.append(`${run.folder}/log.jsonl`, 0, bytes);
  await store.append(`${run.folder}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/end","ts":1,"status":"finished"}\n`));
}

const CASES: readonly { readonly name: string; readonly make: (world: World) => Promise<void> }[] = [
  {
    name: "that only the definition of a run refers to",
    async make({ store, folder, file }) {
      await createRun(store, folder, { git: { commit: "c", diff: file } });
    },
  },
  {
    name: "that only the definition of an experiment refers to",
    async make({ store, file }) {
      await createExperiment(store, { params: { deep: [[{ file }]] } });
    },
  },
  {
    name: "that a line with a bare NaN refers to",
    make: (world) => runWith(world, encode(`{"event":"e","ts":1,"loss":NaN,"file":${JSON.stringify(world.file)}}\n`)),
  },
  {
    name: "that a line with escapes refers to",
    make: (world) =>
      runWith(
        world,
        encode(`{"event":"e","ts":1,"f":{"_dbx":"\\u0065xpfile","exp":"e","name":"n","sha256":"${world.sha256}"}}\n`),
      ),
  },
  {
    name: "that a torn tail refers to",
    make: (world) =>
      runWith(world, encode(`{"event":"a","ts":1}\n{"event":"e","ts":1,"file":${JSON.stringify(world.file)}`)),
  },
  {
    name: "that a line refers to which spans two parts, a character of it too",
    async make(world) {
      const line = encode(`{"event":"e","ts":1,"t":"Ω","file":${JSON.stringify(world.file)}}\n`);
      const omega = line.indexOf(0xce);
      for (const cut of [omega + 1, line.length - 20]) {
        const filler = `{"event":"f","ts":1,"x":"${"x".repeat(1024 * 1024 - cut - 28)}"}\n`;
        assertEquals(encode(filler).length + cut, 1024 * 1024);
        await runWith(world, new Uint8Array([...encode(filler), ...line]));
      }
    },
  },
  {
    name: "of an experiment that stands outside of its folder's place",
    async make({ store, path, folder, file }) {
      await createRun(store, folder, { git: { diff: file } });
      await Deno.mkdir(`${path}/some/where`, { recursive: true });
      await Deno.rename(`${path}/${folder}`, `${path}/some/where/${folder}`);
    },
  },
  {
    name: "of a run whose definition has not arrived",
    async make(world) {
      const { store, folder, file } = world;
      await store.append(
        `${folder}/runs/abcabcabcabca/log.jsonl`,
        0,
        encode(`{"event":"e","file":${JSON.stringify(file)}}\n`),
      );
    },
  },
];

for (const { name, make } of CASES) {
  Deno.test(`gc: keeps an object ${name} [F66]`, async () => {
    await using folder = await scratch();
    const made = await world(`${folder.path}/r`);
    await make(made);
    const waste = await putObject(made.store, encode("waste"));
    const done = await collect(made.path);
    assertEquals([done.plan.refused, done.problems.filter(({ severity }) => severity === "damage")], [false, []]);
    assert(await isThere(made.object), "the object is gone");
    // The collection did collect.
    assertEquals(await isThere(`${made.path}/objects/${waste.sha256.slice(0, 2)}/${waste.sha256}`), false);
  });
}

Deno.test("gc: behind a symbolic link may be anything, so all objects stay [F67]", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  await createRun(made.store, made.folder, { git: { diff: made.file } });
  await Deno.rename(`${made.path}/${made.folder}`, `${folder.path}/elsewhere`);
  await Deno.symlink(`${folder.path}/elsewhere`, `${made.path}/${made.folder}`);
  const done = await collect(made.path, { force: true });
  assertEquals([done.objects, await isThere(made.object)], [0, true]);
  assert(done.problems.some(({ path, message }) => path === made.folder && message.includes("symbolic link")));
});

Deno.test("gc: never follows a link out of the repository", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path, store } = made;
  await runWith(made, encode(""));
  await Deno.mkdir(`${folder.path}/other/aa`, { recursive: true });
  const stranger = `${folder.path}/other/aa/aa${"0".repeat(62)}`;
  await Deno.writeTextFile(stranger, "a file of somebody else");
  await Deno.remove(`${path}/objects`, { recursive: true });
  await Deno.symlink(`${folder.path}/other`, `${path}/objects`);
  await Deno.rename(`${path}/${made.folder}/runs`, `${folder.path}/other/runs`);
  await Deno.symlink(`${folder.path}/other/runs`, `${path}/${made.folder}/runs`);
  await appendNote(store, made.folder, "dbx/delete", {});
  await collect(path, { force: true });
  assertEquals([await isThere(stranger), await isThere(`${folder.path}/other/runs`)], [true, true]);
  assert(Array.from(Deno.readDirSync(`${folder.path}/other/runs`)).length > 0);
});

Deno.test("gc: refuses a damaged repository; with force, what may have restored an experiment still counts [F67, F69]", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path, store } = made;
  await runWith(made, encode(`{"event":"e","ts":1,"file":${JSON.stringify(made.file)}}\n`));
  await appendNote(store, made.folder, "dbx/delete", {});
  await appendNote(store, made.folder, "dbx/restore", {});
  const notes = `${path}/${made.folder}/notes/${await replicaId(store)}.log.jsonl`;
  const text = await Deno.readTextFile(notes);
  await Deno.writeTextFile(notes, text.replace(`{"event":"dbx/restore"`, `{"event:"dbx/restore"`));
  const refused = await collect(path);
  assertEquals([refused.plan.refused, refused.files, refused.experiments], [true, 0, []]);
  assert(refused.problems.some(({ kind, line }) => kind === "bad-line" && line === 2));
  const forced = await collect(path, { force: true });
  assertEquals([forced.experiments, forced.objects], [[], 0]);
  assert(await isThere(`${path}/${made.folder}/runs`));
  assert(await isThere(made.object));
  // A restore that is half written counts as well.
  await Deno.writeTextFile(notes, text.slice(0, -10));
  assertEquals((await collect(path)).experiments, []);
  assert(await isThere(`${path}/${made.folder}/runs`));
});

Deno.test("gc: damage anywhere is a refusal on the command line, and --force goes on without touching objects", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  await runWith(made, encode(`{"event":"e","ts":1}\n{damaged\n`));
  const gone = await createExperiment(made.store, { kind: "gone" });
  const run = await createRun(made.store, gone.folder, {});
  await made.store.append(`${run.folder}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/end","ts":1,"status":"failed"}\n`));
  await appendNote(made.store, gone.folder, "dbx/delete", {});
  const args = ["gc", "-R", made.path, "--older-than", "0s"];
  const refused = await dbx(args);
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertStringIncludes(refused.stderr, "Cannot collect garbage");
  assertStringIncludes(refused.stderr, "log.jsonl:2");
  assert(await isThere(`${made.path}/${run.folder}`));
  const dry = await dbx([...args, "--force", "--dry-run"]);
  assertEquals(dry.code, 0);
  assertStringIncludes(dry.stdout, gone.definition.id);
  assertStringIncludes(dry.stdout, "would remove the runs of 1 experiment, 0 objects: 2 files");
  assert(await isThere(`${made.path}/${run.folder}`));
  const json = JSON.parse((await dbx([...args, "--force", "--json"])).stdout);
  assertEquals([json.refused, json.removed.experiments, json.removed.objects], [false, [gone.definition.id], 0]);
  assertEquals(json.planned.experiments[0].files, 2);
  assertEquals([await isThere(`${made.path}/${run.folder}`), await isThere(made.object)], [false, true]);
});

Deno.test("gc: damage in runs that stay is refused, in runs that go it is not [F67]", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path, store } = made;
  await runWith(made, encode(`{"event":"e","ts":1,"file":${JSON.stringify(made.file)}}\n{damaged\n`));
  const [run] = Array.from(Deno.readDirSync(`${path}/${made.folder}/runs`));
  await Deno.writeTextFile(`${path}/${made.folder}/runs/${run.name}/meta.json`, "{");
  assertEquals((await collect(path)).plan.refused, true);
  await appendNote(store, made.folder, "dbx/delete", {});
  const done = await collect(path);
  assertEquals([done.plan.refused, done.experiments, done.problems], [false, [made.exp], []]);
  assertEquals([await isThere(`${path}/${made.folder}/runs`), await isThere(made.object)], [false, false]);
});

Deno.test("gc: a run whose clock is behind goes on, and so do the objects that it has just put [F69]", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const run = await createRun(made.store, made.folder, { createdAt: 1000 });
  // By its own clock it is the year 1970; a heartbeat that old is a lost run.
  const life = `{"event":"dbx/start","ts":1000,"heartbeat":30}\n{"event":"dbx/heartbeat","ts":31000}\n`;
  await made.store.append(`${run.folder}/dbx.log.jsonl`, 0, encode(life));
  await appendNote(made.store, made.folder, "dbx/delete", {});
  const now = Date.now() + 60_000;
  const found = await (await openReader(made.path)).findRun(run.definition.id);
  assertEquals((await found.status(now)).status, "lost");
  const done = await collect(made.path, { now });
  assertEquals(done.experiments, []);
  assert(done.problems.some(({ kind }) => kind === "running"));
  // The line that refers to it may still be in the memory of the writer.
  assertEquals(await isThere(made.object), true);
  assert(await isThere(`${made.path}/${run.folder}`));
  // Once its files are at rest, it is lost indeed.
  assertEquals((await collect(made.path)).experiments, [made.exp]);
});

Deno.test("gc: what changes between the plan and the removal is not removed", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path, store } = made;
  await runWith(made, encode(`{"event":"e","ts":1,"file":${JSON.stringify(made.file)}}\n`));
  await appendNote(store, made.folder, "dbx/delete", {});
  const past = new Date(Date.now() - DAY);
  const waste = await putObject(store, encode("waste"));
  for (const sha256 of [made.sha256, waste.sha256]) {
    await Deno.utime(`${path}/objects/${sha256.slice(0, 2)}/${sha256}`, past, past);
  }
  const now = Date.now() + 10;
  const putAt = (info: Deno.FileInfo): number => info.mtime?.getTime() ?? Infinity;
  const restored = await collect(path, {
    now,
    putAt,
    // Between the two steps the experiment is restored, and somebody logs the same contents as the waste.
    onPlan(plan) {
      assertEquals([plan.experiments.length, plan.objects.length], [1, 2]);
      const notes = Array.from(Deno.readDirSync(`${path}/${made.folder}/notes`))[0].name;
      Deno.writeTextFileSync(
        `${path}/${made.folder}/notes/${notes}`,
        `{"event":"dbx/restore","ts":${Date.now() + 1}}\n`,
        { append: true },
      );
      const touched = new Date();
      Deno.utimeSync(`${path}/objects/${waste.sha256.slice(0, 2)}/${waste.sha256}`, touched, touched);
    },
  });
  assertEquals(restored.experiments, []);
  assert(await isThere(`${path}/${made.folder}/runs`));
  assert(await isThere(`${path}/objects/${waste.sha256.slice(0, 2)}/${waste.sha256}`));
  assert(await isThere(made.object), "what a restored experiment refers to");
});

Deno.test("gc: a dry run changes nothing; what an older one left in its trash comes back", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path } = made;
  await runWith(made, encode(`{"event":"e","ts":1,"file":${JSON.stringify(made.file)}}\n`));
  await Deno.mkdir(`${path}/.dbx/trash`, { recursive: true });
  await Deno.rename(made.object, `${path}/.dbx/trash/${made.sha256}`);
  assertEquals((await collect(path, { dryRun: true })).files, 0);
  assertEquals(await isThere(made.object), false);
  await collect(path);
  assertEquals([await Deno.readTextFile(made.object), await isThere(`${path}/.dbx/trash/${made.sha256}`)], [
    "kept",
    false,
  ]);
});

Deno.test("gc: what is in the trash does not replace the same contents that were put again", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  await runWith(made, encode(`{"event":"e","ts":1,"file":${JSON.stringify(made.file)}}\n`));
  await Deno.mkdir(`${made.path}/.dbx/trash`, { recursive: true });
  await Deno.writeTextFile(`${made.path}/.dbx/trash/${made.sha256}`, "kepT");
  await collect(made.path);
  assertEquals(await Deno.readTextFile(made.object), "kept");
  assertEquals(await isThere(`${made.path}/.dbx/trash/${made.sha256}`), false);
});

Deno.test("gc: a .dbx that is a symbolic link is refused", async () => {
  await using folder = await scratch();
  const { path } = await world(`${folder.path}/r`);
  await Deno.rename(`${path}/.dbx`, `${folder.path}/elsewhere`);
  await Deno.symlink(`${folder.path}/elsewhere`, `${path}/.dbx`);
  const ended = await dbx(["gc", "-R", path]);
  assertEquals(ended.code, 1);
  assertStringIncludes(ended.stderr, "its .dbx is a symbolic link");
});

Deno.test("gc: temporary files, hidden ones and folders that look like them do not confuse it", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path } = made;
  await runWith(made, encode(`{"event":"e","ts":1,"file":${JSON.stringify(made.file)}}\n`));
  await Deno.mkdir(`${path}/${made.folder}/.tmp-folder/.dbx`, { recursive: true });
  await Deno.mkdir(`${path}/.git/objects/aa`, { recursive: true });
  const hidden = [`${path}/${made.folder}/.dbx`, `${path}/.git/objects/aa/aa${"0".repeat(62)}`, `${path}/objects/.dbx`];
  for (const name of hidden) await Deno.writeTextFile(name, "not ours");
  const left = `${path}/objects/.tmp-0123456789abc`;
  await Deno.writeTextFile(left, "left by a crash");
  await Deno.utime(left, new Date(0), new Date(Date.now() - 3 * DAY));
  const done = await collect(path);
  assertEquals([done.files, done.plan.refused, await isThere(left)], [1, false, false]);
  for (const name of [...hidden, made.object]) assert(await isThere(name), name);
});

Deno.test("gc: a second one waits for the first, and both end well [F70] [slow]", async () => {
  await using folder = await scratch();
  const made = await world(`${folder.path}/r`);
  const { path, store } = made;
  for (let at = 0; at < 20; at++) {
    const { folder } = await createExperiment(store, {});
    const { sha256 } = await putObject(store, encode(`object ${at}`));
    await runWith({ ...made, folder }, encode(`{"event":"e","f":{"_dbx":"expfile","sha256":"${sha256}"}}\n`));
    await appendNote(store, folder, "dbx/delete", {});
  }
  const args = ["gc", "-R", path, "--older-than", "0s", "--json"];
  // While another one has the lock, it waits; it does not give up, nor go on.
  const held = Deno.openSync(`${path}/.dbx/gc.lock`, { write: true, create: true });
  held.lockSync(true);
  let ended = false;
  const said = Promise.withResolvers<void>();
  const waiting = collect(path, { onWait: said.resolve }).finally(() => ended = true);
  await said.promise;
  assertEquals([ended, await isThere(made.object)], [false, true]);
  const abort = new AbortController();
  const given = collect(path, { signal: abort.signal }).then(() => "done", (error) => error.message);
  abort.abort(new Error("given up"));
  assertEquals(await given, "given up");
  held.close();
  const both = await Promise.all([waiting, dbx(args), dbx(args), collect(path)]);
  for (const one of both) {
    // On a slow machine it says that it waits.
    if ("code" in one) assertEquals([one.code, one.stderr.replace(/^dbx: another dbx gc is .*\n/, "")], [0, ""]);
  }
  const removed = both.flatMap((one) => "code" in one ? JSON.parse(one.stdout).removed.experiments : one.experiments);
  assertEquals(new Set(removed).size, 20);
  assertEquals((await Array.fromAsync(checkRepository(await openReader(path)))).map(({ message }) => message), []);
});

/** A small generator whose seed is printed where a test fails. */
function randomOf(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

for (const seed of [1, 2, 3]) {
  Deno.test(`gc: beside writers and another gc, everything that is referred to stays (seed ${seed}) [slow]`, async () => {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    const below = randomOf(seed);
    const repo = await openRepository(path);
    const live = new Map<string, string>();
    const hashOf = (contents: string) => createHash("sha256").update(contents).digest("hex");
    let working = true;
    const write = async (writer: number) => {
      for (let turn = 0; turn < 25; turn++) {
        const contents = `contents ${below(8)}`;
        const experiment = await repo.experiment({ kind: `w${writer}`, name: below(2) === 0 ? "a/b" : "" });
        const run = await experiment.run({ env: false, git: false, durability: "event" });
        await run.file("f", encode(contents));
        await run.finish();
        if (below(3) > 0) live.set(experiment.id, hashOf(contents));
        else await appendNote(new LocalStore(path), experiment.folder, "dbx/delete", {});
      }
    };
    const sweep = async () => {
      while (working) {
        // Objects look old unless they were put in this very millisecond: the moment is as dangerous as can be.
        const putAt = (info: Deno.FileInfo): number => (info.mtime?.getTime() ?? Infinity) + 3_598_000 + 100;
        const done = await collect(path, { now: Date.now() + 1, putAt });
        assertEquals(done.problems.filter(({ kind }) => kind === "not-removed"), []);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const sweeping = Promise.all([sweep(), sweep()]);
    await Promise.all([write(0), write(1), write(2)]).finally(() => working = false);
    await sweeping;
    const last = await collect(path);
    assertEquals(last.problems, []);
    const reader = await openReader(path);
    assertEquals((await Array.fromAsync(checkRepository(reader, { readData: true }))).map((one) => one.message), []);
    for (const [id, hash] of live) {
      assertEquals((await (await reader.findExperiment(id)).runs()).length, 1);
      assert(await isThere(`${path}/objects/${hash.slice(0, 2)}/${hash}`), `${id} lost its object`);
    }
    const there = new Set<string>();
    for (const shelf of Deno.readDirSync(`${path}/objects`)) {
      if (shelf.isDirectory) {
        for (const { name } of Deno.readDirSync(`${path}/objects/${shelf.name}`)) there.add(name);
      }
    }
    assertEquals(there, new Set(live.values()));
  });
}
