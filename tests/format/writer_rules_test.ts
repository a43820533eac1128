// What FORMAT.md demands of writers: what they leave on the disk, in which order, and under which locks.
import { encodeEvent } from "../../lib/format/events/encode_event.ts";
import { MAX_LINE_LENGTH } from "../../lib/format/events/event.ts";
import {
  serializeExperiment,
  serializeRepositoryConfig,
  serializeRun,
} from "../../lib/format/definitions/definition.ts";
import { objectName } from "../../lib/format/layout/names.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { appendNote } from "../../lib/logger/notes.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { replicaId } from "../../lib/logger/replica.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const isThere = (path: string): boolean => {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
};

Deno.test("writers: any JSON parser reads what they write [F14]", { permissions: "none" }, () => {
  const odd = { half: "\ud800", "\udc00": 1, nan: NaN, list: [Infinity, -Infinity], mark: "\ufeff", end: "\u2028" };
  const known = { id: "0resnet0exp01", createdAt: 0, extra: { odd } } as const;
  const texts = [
    encodeEvent("e", 1, odd),
    encodeEvent("\ud83d", 1, NaN),
    serializeExperiment({ ...known, kind: "\ud800", name: "", params: { odd: odd as never }, extra: {} }),
    serializeRun({ ...known, extra: { odd: odd as never }, cmd: ["\ude80"] }),
    serializeRepositoryConfig({ id: "0golden0repo1", createdAt: 0 }),
  ];
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    // What has no UTF-8 would be U+FFFD now; and a mark in front would be dropped.
    assertEquals(new TextDecoder("utf-8", { fatal: true }).decode(bytes), text);
    assertEquals(typeof JSON.parse(text), "object");
    assert(!/[:[,]\s*-?(NaN|Infinity)/.test(text), text);
  }
});

Deno.test("writers: a line of more than 256 MiB is refused [F54]", { permissions: "none" }, () => {
  assertThrows(() => encodeEvent("e", 1, { x: "a".repeat(MAX_LINE_LENGTH) }), Error, "longer than 256 MiB");
});

Deno.test("writers: what never changes is flushed under another name, then named, then its folder is flushed [F22]", async () => {
  await using folder = await scratch();
  /** What was flushed, in order, and which of the files had their names by then. */
  const flushed: { ino: number | null; named: Set<string> }[] = [];
  const files = new Set<string>();
  const note = (file: Deno.FsFile) => {
    const named = new Set([...Deno.readDirSync(folder.path)].length > 0 ? filesBelow(folder.path) : []);
    flushed.push({ ino: file.statSync().ino, named });
  };
  const { sync: later, syncSync: now } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.sync = async function (this: Deno.FsFile) {
    note(this);
    await later.call(this);
  };
  Deno.FsFile.prototype.syncSync = function (this: Deno.FsFile) {
    note(this);
    now.call(this);
  };
  try {
    await initRepository(folder.path);
    const store = new LocalStore(folder.path);
    const experiment = (await createExperiment(store, { name: "a" })).folder;
    const run = (await createRun(store, experiment, {})).folder;
    const { sha256 } = await putObject(store, new Uint8Array(5000));
    for (const name of ["dbx.json", `${experiment}/meta.json`, `${run}/meta.json`, objectName(sha256)]) files.add(name);
  } finally {
    Object.assign(Deno.FsFile.prototype, { sync: later, syncSync: now });
  }
  for (const name of files) {
    const path = `${folder.path}/${name}`;
    const inode = Deno.statSync(path).ino;
    const above = Deno.statSync(path.replace(/\/[^/]*$/, "")).ino;
    assert(flushed.some(({ ino, named }) => ino === inode && !named.has(path)), `${name} was named before its bytes`);
    assert(flushed.some(({ ino, named }) => ino === above && named.has(path)), `the name ${name} was not flushed`);
  }
  // Nothing is left of the other names.
  assertEquals([...filesBelow(folder.path)].filter((path) => path.includes("/.tmp-")), []);
});

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

Deno.test("writers: no line names an object that is not there [F46]", async () => {
  await using folder = await scratch();
  const repository = await openRepository(folder.path);
  const run = await (await repository.experiment({ kind: "k" })).run({ git: false, env: false, durability: "event" });
  const log = `${run.dir}/log.jsonl`;
  const holdsLine = (name: string) => isThere(log) && Deno.readTextFileSync(log).includes(`"name":"${name}"`);
  // While its bytes come, nothing refers to it.
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      assert(!holdsLine("slow"));
      controller.enqueue(new Uint8Array(1000));
      if (++pulls === 5) controller.close();
    },
  }, { highWaterMark: 0 });
  let pulls = 0;
  const { sha256 } = await run.file("slow", source);
  assert(holdsLine("slow") && isThere(`${folder.path}/${objectName(String(sha256))}`));
  // Nor where it cannot be kept.
  Deno.removeSync(`${folder.path}/objects`, { recursive: true });
  Deno.writeTextFileSync(`${folder.path}/objects`, "in the way");
  await assertRejects(() => run.file("lost", new Uint8Array(10)));
  await run.finish();
  assert(!holdsLine("lost"));
});

Deno.test("writers: two programs that log about one experiment write two logs, and a name has one writer [F34]", async () => {
  await using folder = await scratch();
  const repository = await openRepository(folder.path);
  const experiment = await repository.experiment({ kind: "k" });
  const at = ["-R", folder.path, "--exp", experiment.id];
  const lines = (of: string) => Array.from({ length: 200 }, (_, i) => `{"event":"${of}","i":${i}}\n`).join("");
  const ended = await Promise.all(["a", "b"].map((of) => dbx(["log", ...at], { stdin: lines(of) })));
  for (const { code, stderr } of ended) assertEquals(code, 0, stderr);
  const reader = await openReader(folder.path);
  const found = [];
  for (const run of await (await reader.findExperiment(experiment.id)).runs()) {
    const names = (await Array.fromAsync(run.log("log").read())).map(({ event }) => event);
    found.push(`${names.length} of ${[...new Set(names)]}`);
  }
  assertEquals(found.sort(), ["200 of a", "200 of b"]);
  // In one program the same name is the same writer.
  const run = await experiment.run({ git: false, env: false });
  for (let i = 0; i < 100; i++) run.openLog(`eval`).log(`e/${i}`, { i });
  assertThrows(() => run.openLog("dbx"), Error, "records the life of the run");
  await run.finish();
  const events = await Array.fromAsync((await (await openReader(folder.path)).findRun(run.id)).log("eval").read());
  assertEquals(events.map(({ data }) => data.i), Array.from({ length: 100 }, (_, i) => i));
});

Deno.test("writers: no command moves an experiment, also one that stands elsewhere than its name says [F10] [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { repository } = await initRepository(path);
  const store = new LocalStore(path);
  const { definition: { id }, folder: home } = await createExperiment(store, { name: "a/b" });
  await createRun(store, home, {});
  await Deno.mkdir(`${path}/old`);
  await Deno.rename(`${path}/${home}`, `${path}/old/${id}`);
  const words = [["log", "e", "--exp", id], ["rm", id], ["restore", id], ["gc"], ["index"], ["check"], [
    "sync",
    "--create",
    `${path}2`,
  ]];
  for (const command of words) {
    const { code, stderr } = await dbx([...command, "-R", path], { stdin: "" });
    assertEquals(code, 0, `${command}: ${stderr}`);
    const folders = (await Array.fromAsync(repository.places())).map((place) => place.folder);
    assertEquals([folders, isThere(`${path}/${home}`)], [[`old/${id}`], false], command.join(" "));
  }
});

Deno.test("writers: what belongs to a copy does not go to another one [F55]", async () => {
  await using folder = await scratch();
  const [a, b] = ["a", "b"].map((name) => new LocalStore(`${folder.path}/${name}`));
  await initRepository(a.location);
  const { folder: experiment } = await createExperiment(a, {});
  await appendNote(a, experiment, "dbx/tag", { tag: "x" });
  await Deno.writeTextFile(a.path(".dbx/private"), "x");
  await sync(a, b);
  assertEquals([isThere(b.path(".dbx/private")), isThere(b.path(".dbx/replica"))], [false, false]);
  assert(await replicaId(a) !== await replicaId(b));
  const listed = (await Array.fromAsync(a.listFiles())).flat().map(({ name }) => name);
  assertEquals(listed.filter((name) => name.startsWith(".")), []);
});

const LOCKER = `
import fcntl, sys
file = open(sys.argv[2], "r+b")
(fcntl.flock if sys.argv[1] == "flock" else fcntl.lockf)(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
`;

Deno.test({
  name: "writers: their locks are those of flock, which wait for one another; fcntl's are others [F37]",
  ignore: Deno.build.os !== "linux" || !await hasPython(),
  async fn() {
    await using folder = await scratch();
    await initRepository(folder.path);
    const store = new LocalStore(folder.path);
    const { folder: experiment } = await createExperiment(store, {});
    await appendNote(store, experiment, "dbx/tag", { tag: "first" });
    const notes = `${folder.path}/${experiment}/notes/${await replicaId(store)}.log.jsonl`;
    for (const kind of ["flock", "lockf"]) {
      const args = ["-c", LOCKER, kind, notes];
      const holder = new Deno.Command("python3", { args, stdin: "piped", stdout: "piped" }).spawn();
      const reader = holder.stdout.getReader();
      await reader.read();
      let isDone = false;
      const noting = appendNote(store, experiment, "dbx/tag", { tag: kind }).then(() => isDone = true);
      // With the other lock held it goes on; else it waits as long as it takes: that nothing happens takes time to see.
      if (kind === "lockf") await noting;
      else await new Promise((resolve) => setTimeout(resolve, 300));
      assertEquals(isDone, kind === "lockf", kind);
      await holder.stdin.close();
      await reader.cancel();
      await holder.status;
      await noting;
    }
  },
});

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
