import { createHash } from "node:crypto";
import { References } from "../../../lib/format/layout/object_references.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { collectGarbage, type GcOptions, type GcReport } from "../../../lib/repo/gc/gc.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { openRepository } from "../../../lib/client/location/open_repository.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";

const seeded = new Random(testSeed());

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const DAY = 86_400_000;

/** An experiment with a file of these contents. */
async function withFile(path: string, contents: string): Promise<{ id: string; object: string; folder: string }> {
  const repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k" });
  const run = await experiment.run({ env: false, git: false });
  await run.file("f", encode(contents));
  await run.finish();
  const hash = createHash("sha256").update(contents).digest("hex");
  return { id: experiment.id, object: `${path}/objects/${hash.slice(0, 2)}/${hash}`, folder: experiment.folder };
}

const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);
/** As if it had been put an hour ago and more. */
const age = (path: string) => Deno.utime(path, new Date(0), new Date(Date.now() - 2 * DAY));

/** Tests can set the time at which an object was written, but not the one at which it got its name. */
async function collect(path: string, olderThan: number, options: Partial<GcOptions> = {}): Promise<GcReport> {
  const store = new LocalStore(path);
  const putAt = (info: Deno.FileInfo): number => info.mtime?.getTime() ?? Infinity;
  return await collectGarbage(await openReader(store), store, { olderThan, now: Date.now(), putAt, ...options });
}

Deno.test("gc: removes the runs of what is deleted, and objects that nothing else refers to", async () => {
  await using folder = await scratch();
  const path = folder.path;
  const [gone, kept, shared] = [
    await withFile(path, "gone"),
    await withFile(path, "kept"),
    await withFile(path, "shared"),
  ];
  const other = await withFile(path, "shared");
  const waste = `${path}/objects/aa/aa${"0".repeat(62)}`;
  await Deno.mkdir(`${path}/objects/aa`, { recursive: true });
  await Deno.writeTextFile(waste, "waste");
  for (const object of [gone.object, kept.object, shared.object, waste]) await age(object);
  await Deno.writeTextFile(`${path}/${kept.folder}/.tmp-0000000000000`, "left by a crash");
  await age(`${path}/${kept.folder}/.tmp-0000000000000`);
  const store = new LocalStore(path);
  for (const { folder } of [gone, shared]) await appendNote(store, folder, "dbx/delete", {});

  const early = await collect(path, 30 * DAY);
  assertEquals([early.experiments, early.objects, early.files], [[], 0, 1]);
  assertEquals(await isThere(`${path}/${kept.folder}/.tmp-0000000000000`), false);
  const done = await collect(path, 0);
  assertEquals([[...done.experiments].sort(), done.problems], [[gone.id, shared.id].sort(), []]);
  assertEquals(await Promise.all([gone.object, kept.object, shared.object, waste].map(isThere)), [
    false,
    true,
    true,
    false,
  ]);
  assertEquals(await isThere(`${path}/${gone.folder}/runs`), false);
  assertEquals(await isThere(`${path}/${gone.folder}/meta.json`), true);
  assertEquals(await isThere(`${path}/${other.folder}/runs`), true);
  assertEquals((await collect(path, 0)).files, 0);
});

Deno.test("gc: what is read wrongly, young, restored, or by a clock that is years behind, stays", async () => {
  await using folder = await scratch();
  const path = folder.path;
  const store = new LocalStore(path);
  const [young, back, clock] = [
    await withFile(path, "young"),
    await withFile(path, "back"),
    await withFile(path, "clock"),
  ];
  await appendNote(store, young.folder, "dbx/delete", {});
  await appendNote(store, back.folder, "dbx/delete", {});
  await new Promise((resolve) => setTimeout(resolve, 2));
  await appendNote(store, back.folder, "dbx/restore", {});
  await store.append(`${clock.folder}/notes/0000000000old.log.jsonl`, 0, encode(`{"event":"dbx/delete","ts":1000}\n`));
  assertEquals((await collect(path, DAY)).experiments, []);
  for (const { object } of [young, back, clock]) assertEquals(await isThere(object), true);
  // An object that was put a moment ago is about to be referred to, perhaps.
  const now = await collect(path, 0);
  assertEquals([now.experiments.length, now.objects], [2, 0]);
  // Where a definition cannot be read, nobody knows what it refers to.
  await age(young.object);
  await Deno.mkdir(`${path}/0000000000bad`);
  await Deno.writeTextFile(`${path}/0000000000bad/meta.json`, "{");
  assertEquals((await collect(path, 0, { force: true })).objects, 0);
  assertEquals(await isThere(young.object), true);
});

Deno.test("gc: while a run goes on, an object that was put within the hour stays: its line may be on its way", async () => {
  await using folder = await scratch();
  const { path } = folder;
  const gone = await withFile(path, "gone");
  await appendNote(new LocalStore(path), gone.folder, "dbx/delete", {});
  const put = new Date(Date.now() - 30 * 60_000);
  await Deno.utime(gone.object, put, put);
  const run = await (await (await openRepository(path)).experiment({ kind: "k" })).run({ env: false, git: false });
  const beside = await collect(path, 0);
  assertEquals([beside.experiments, await isThere(gone.object)], [[gone.id], true]);
  await Deno.utime(gone.object, put, new Date(Date.now() - 2 * 3_600_000));
  await collect(path, 0);
  assertEquals(await isThere(gone.object), false);
  await run.finish();
});

Deno.test("gc: beside programs that put the same contents, nothing that is referred to is lost [F46, F68] [slow]", async () => {
  await using folder = await scratch();
  const path = folder.path;
  const lib = new URL("../../../lib/", import.meta.url).href;
  const script = `import { openRepository } from "${lib}client/location/open_repository.ts";
    const repo = await openRepository(Deno.args[0]);
    for (let turn = 0; turn < 60; turn++) {
      const run = await (await repo.experiment({ kind: "w" })).run({ env: false, git: false, durability: "event" });
      await run.file("f", new TextEncoder().encode("contents " + turn % 4));
      await run.finish();
    }`;
  await withFile(path, "start");
  const writers = [1, 2].map(() =>
    new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", "--no-check", script, path], stdin: "null" })
      .output()
  );
  let working = true;
  const all = Promise.all(writers).finally(() => working = false);
  const store = new LocalStore(path);
  while (working) {
    const { folder, object } = await withFile(path, `contents ${Math.floor(seeded.next() * 4)}`);
    await appendNote(store, folder, "dbx/delete", {});
    if (await isThere(object)) await age(object).catch(() => {});
    await collect(path, 0, { now: Date.now() + 1 });
  }
  for (const { success, stderr } of await all) assert(success, new TextDecoder().decode(stderr));
  const referred = new References();
  for await (const experiment of (await openReader(path)).experiments()) {
    if ((await experiment.notes()).deleted) continue;
    for (const run of await experiment.runs()) {
      for (const name of await run.logs()) {
        const { file } = run.log(name);
        referred.add({ name: file, bytes: await Deno.readFile(`${path}/${file}`), end: true });
      }
    }
  }
  assert(referred.objects.size >= 4);
  for (const name of referred.objects) assert(await isThere(`${path}/${name}`), name);
});
