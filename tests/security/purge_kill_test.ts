// A purge that is killed at any step is finished by whatever comes next, and what others use survives.
import { checkRepository } from "../../lib/repo/check/check.ts";
import { collectGarbage } from "../../lib/repo/gc/gc.ts";
import { openReader } from "../../lib/repo/open.ts";
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { PurgeStep } from "../../lib/store/local/purge/purge.ts";
import { purgingIds } from "../../lib/store/local/purge/journal.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { holding } from "./secret_bytes.ts";

const SECRET = "hunter2-in-everything";
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A repository with an experiment that says the secret everywhere, and one that shares a file with it. */
async function repository(path: string): Promise<{ id: string; run: string; other: string }> {
  await using repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k", params: { key: SECRET } });
  const run = await experiment.run({ env: false, git: false });
  run.log("said", { text: SECRET });
  await run.file("own", encode(`${SECRET} in a file`));
  await run.file("shared", encode("what both use"));
  await run.finish();
  const other = await repo.experiment({ kind: "k" });
  const kept = await other.run({ env: false, git: false });
  await kept.file("shared", encode("what both use"));
  await kept.finish();
  const ids = { id: experiment.id, run: run.id, other: other.id };
  for await (const { name } of Deno.readDir(`${path}/objects`)) {
    for await (const object of Deno.readDir(`${path}/objects/${name}`)) {
      await Deno.utime(`${path}/objects/${name}/${object.name}`, new Date(0), new Date(Date.now() - 60_000));
    }
  }
  return ids;
}

/** What is left where all went as it should. */
async function assertPurged(path: string, other: string): Promise<void> {
  assertEquals(await holding(SECRET, path), []);
  assertEquals(purgingIds(new LocalStore(path).folder), []);
  const reader = await openReader(path);
  assertEquals((await Array.fromAsync(reader.experiments())).map(({ id }) => id), [other]);
  assertEquals(await Array.fromAsync(checkRepository(reader, { readData: true })), []);
  assertEquals((await holding("what both use", path)).length, 1);
}

const STEPS: readonly [step: PurgeStep, nth: number][] = [
  ["looking", 1],
  ["journal", 1],
  ["tombstone", 1],
  ["definition", 1],
  ["definition", 2],
  ["folder", 1],
  ["objects", 1],
  ["objects", 3],
  ["derived", 1],
];

Deno.test("purge: killed at each step, it is finished by the next collection [slow]", async () => {
  for (const [step, nth] of STEPS) {
    await using folder = await scratch();
    const path = `${folder.path}/repo`;
    const { id, other } = await repository(path);
    assert((await dbx(["index", "--repo", path])).code === 0);
    assert((await holding(SECRET, path)).length >= 4);
    const script = new URL("./purge_process.ts", import.meta.url).pathname;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { signal } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", config, script, path, id, step, String(nth)],
    }).output();
    assertEquals(signal, "SIGKILL", `${step} ${nth}`);
    const store = new LocalStore(path);
    if (step !== "looking") {
      const problems = await Array.fromAsync(checkRepository(await openReader(store)));
      assert(problems.some(({ kind }) => kind === "unfinished-purge"), step);
      const reader = await openReader(store);
      const { problems: left } = await collectGarbage(reader, store, { olderThan: 86_400_000, now: Date.now() });
      assertEquals(left.filter(({ severity }) => severity === "damage"), [], step);
    } else await store.purge([id]);
    await assertPurged(path, other);
  }
});

Deno.test("purge: the next command that writes finishes one that was cut off, and says so", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const { id, other } = await repository(path);
  const stop = new AbortController();
  const cut = new LocalStore(path).purge([id], {
    signal: stop.signal,
    onStep: (step) => {
      if (step === "tombstone") stop.abort();
    },
  });
  await cut.catch(() => {});
  assertEquals(purgingIds(new LocalStore(path).folder), [id]);
  const next = await dbx(["restore", "--repo", path, other]);
  assertEquals(next.code, 0, next.stderr);
  assertStringIncludes(next.stderr, `finishing a purge that was cut off: ${id}`);
  await assertPurged(path, other);
});

Deno.test("purge: objects wait as long as a file cannot be read that may refer to them [F72]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const { id, other } = await repository(path);
  await Deno.symlink("/nowhere", `${path}/linked`);
  const store = new LocalStore(path);
  const { problems } = await store.purge([id]);
  assertStringIncludes(problems.join(), "linked cannot be read");
  assertEquals((await holding(SECRET, path)).length, 1);
  await Deno.remove(`${path}/linked`);
  await collectGarbage(await openReader(store), store, { olderThan: 86_400_000, now: Date.now() });
  await assertPurged(path, other);
});

Deno.test("purge: a run alone, and a file that another run of the same experiment uses [F72]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const { run, id, other } = await repository(path);
  const { objects } = await new LocalStore(path).purge([run]);
  assertEquals(objects, 1);
  const left = await holding(SECRET, path);
  assertEquals(left, [`${path}/${id}/meta.json`], "what the experiment itself says stays");
  assertEquals((await Array.fromAsync((await openReader(path)).experiments())).length, 2);
  await new LocalStore(path).purge([id]);
  await assertPurged(path, other);
});

Deno.test({
  name: "purge: nobody else has the lock of collections until it is done [F73]",
  ignore: !await isThere("flock"),
  async fn() {
    await using folder = await scratch();
    const path = `${folder.path}/repo`;
    const { id, other } = await repository(path);
    const isFree = (): boolean => {
      return new Deno.Command("flock", { args: ["-n", `${path}/.dbx/gc.lock`, "true"] }).outputSync().success;
    };
    const seen = new Map<PurgeStep, boolean>();
    await new LocalStore(path).purge([id], { onStep: (step) => seen.set(step, isFree() || seen.get(step) === true) });
    assertEquals([...seen].filter(([, isFree]) => isFree), []);
    assert(seen.has("journal") && seen.has("tombstone") && seen.has("objects"), [...seen.keys()].join());
    assert(isFree());
    await assertPurged(path, other);
  },
});

/** Whether there is such a program. */
async function isThere(program: string): Promise<boolean> {
  return await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}
