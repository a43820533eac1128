// A collection is killed before and after each of its steps, and at random moments.
import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { expfile } from "../../../lib/format/json/special_values.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { collectGarbage } from "../../../lib/repo/gc/gc.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { putObject } from "../../../lib/store/local/objects.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random } from "../../format/random.ts";

const lib = new URL("../../../lib/", import.meta.url).href;
const LATER = Date.now() + 2 * 86_400_000;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Objects that an experiment which stays refers to, and those that must be gone at the end. */
interface World {
  readonly kept: readonly string[];
  readonly waste: readonly string[];
  readonly live: string;
}

/** Two deleted experiments with two runs each, one that stays, objects of both, of one of them, and of nobody. */
async function make(path: string): Promise<World> {
  await initRepository(path);
  const store = new LocalStore(path);
  const objectOf = async (text: string) => (await putObject(store, encode(text))).sha256;
  const [shared, own, dead, nobody] = await Promise.all(["shared", "own", "dead", "nobody"].map(objectOf));
  const experiment = async (objects: readonly string[]) => {
    const { folder, definition } = await createExperiment(store, { kind: "k" });
    for (const sha256 of objects) {
      const run = await createRun(store, folder, {});
      const line = JSON.stringify({ event: "e", ts: 1, f: expfile({ exp: definition.id, name: "f", sha256 }) });
      await store.append(`${run.folder}/log.jsonl`, 0, encode(`${line}\n`));
      await store.append(`${run.folder}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/end","ts":1,"status":"finished"}\n`));
    }
    return { folder, id: definition.id };
  };
  for (let count = 0; count < 2; count++) {
    await appendNote(store, (await experiment([shared, dead])).folder, "dbx/delete", {});
  }
  const { id } = await experiment([shared, own]);
  return { kept: [shared, own], waste: [dead, nobody], live: id };
}

/** Collects, and kills itself before the step of this number when it changes the disk, or after it. */
const SCRIPT = `import { collectGarbage } from "${lib}repo/gc/gc.ts";
  import { openReader } from "${lib}repo/open.ts";
  import { LocalStore } from "${lib}store/local/local_store.ts";
  const [path, at, when] = Deno.args;
  let steps = 0;
  for (const name of ["removeSync", "renameSync", "linkSync", "mkdirSync"]) {
    const real = Deno[name];
    Deno[name] = (...args) => {
      const isLast = ++steps === Number(at);
      if (isLast && when === "before") Deno.kill(Deno.pid, "SIGKILL");
      const result = real(...args);
      if (isLast) Deno.kill(Deno.pid, "SIGKILL");
      return result;
    };
  }
  const store = new LocalStore(path);
  console.log("ready");
  await collectGarbage(await openReader(store), store, { olderThan: 0, now: ${LATER} });`;

function start(path: string, at = 0, when = "after"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "--no-check", SCRIPT, path, String(at), when],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function collect(path: string) {
  const store = new LocalStore(path);
  return await collectGarbage(await openReader(store), store, { olderThan: 0, now: LATER });
}

async function assertWhole(path: string, { kept, live }: World, moment: string): Promise<void> {
  const store = new LocalStore(path);
  const reader = await openReader(store);
  const found = await Array.fromAsync(checkRepository(reader, { readData: true }));
  // Of the runs that go, some may be incomplete, and what is removed may have another name; an interruption is no damage.
  const passing = ["incomplete", "temporary"];
  assertEquals(found.filter(({ kind }) => !passing.includes(kind)).map(({ message }) => message), [], moment);
  for (const hash of kept) {
    assert(await store.stat(`objects/${hash.slice(0, 2)}/${hash}`), `${moment}: ${hash} is gone`);
  }
  assertEquals((await (await reader.findExperiment(live)).runs()).length, 2, moment);
}

/** A second collection ends what the first one began. */
async function assertFinishes(path: string, world: World, moment: string): Promise<void> {
  const { problems } = await collect(path);
  assertEquals(problems, [], moment);
  await assertWhole(path, world, `${moment}, and then another one`);
  const store = new LocalStore(path);
  for (const hash of world.waste) {
    assertEquals(await store.stat(`objects/${hash.slice(0, 2)}/${hash}`), undefined, moment);
  }
  const found = await Array.fromAsync(checkRepository(await openReader(store)));
  assertEquals(found.filter(({ kind }) => kind === "temporary"), [], moment);
  const again = await collect(path);
  assertEquals([again.experiments.length, again.objects, again.files], [0, 0, 0], moment);
}

Deno.test("gc: killed before and after each step, it loses nothing, and another one ends it [slow]", async () => {
  await using folder = await scratch();
  let killed = 0;
  for (const when of ["before", "after"]) {
    for (let at = 1;; at++) {
      const path = `${folder.path}/${when}${at}`;
      const world = await make(path);
      const child = start(path, at, when);
      await child.stdout.cancel();
      const { signal, code } = await child.status;
      const moment = `killed ${when} step ${at}`;
      await assertWhole(path, world, moment);
      await assertFinishes(path, world, moment);
      await Deno.remove(path, { recursive: true });
      if (signal === null) {
        assertEquals(code, 0);
        break;
      }
      killed++;
    }
  }
  assert(killed > 30, `${killed} kills are too few: the steps were not met`);
});

Deno.test("gc: killed again and again at random moments, it loses nothing, and the last one ends it [slow]", async () => {
  await using folder = await scratch();
  const random = new Random(7);
  const world = await make(folder.path + "/r");
  for (let kill = 0; kill < 20; kill++) {
    const child = start(`${folder.path}/r`);
    await child.stdout.getReader().read();
    await new Promise((resolve) => setTimeout(resolve, random.next() * 60));
    try {
      child.kill("SIGKILL");
    } catch {
      // It had ended.
    }
    await child.status;
    await assertWhole(`${folder.path}/r`, world, `kill ${kill}`);
  }
  await assertFinishes(`${folder.path}/r`, world, "killed 20 times");
});
