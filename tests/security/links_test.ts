// A repository that came from elsewhere may hold symbolic links anywhere below its root, and somebody else may put one there at
// any moment. Nothing behind a link is read, written, listed, moved or removed. `tests/fs/links_test.ts` has the table of
// places and operations of the library; here are the attacks as they were made.
import { HardLinkError, RootFolder } from "../../lib/fs/folders/root_folder.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { FolderChanges } from "../../lib/live/folder_changes.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { post, serve } from "../server/world.ts";

const SECRET = "outside-the-repository";
const assertFalse = (value: boolean, message?: string) => assert(!value, message);
const OLD = new Date("2020-01-01T00:00:00Z");

/** A repository with one experiment, of which one run ended. */
async function repository(path: string): Promise<{ exp: string; run: string }> {
  const experiment = await (await openRepository(path)).experiment({ kind: "k", params: { lr: 1 } });
  const run = await experiment.run({ env: false, git: false, onWarning: () => {} });
  run.log("train/1", { loss: 1 });
  await run.file("kept", new TextEncoder().encode("kept"));
  await run.finish();
  await experiment.tag("a");
  return { exp: experiment.folder, run: run.folder };
}

/** A git repository's packs and a home folder: old files of names that a cleaner could take for its own. */
async function victim(path: string): Promise<void> {
  const names = ["pack-1.pack", "pack-1.idx", "manifest.json", "lock", ".tmp-0", "id_rsa", "a".repeat(64), "run.json"];
  await Deno.mkdir(`${path}/catalogue`, { recursive: true });
  for (const name of [...names, "catalogue/0", "catalogue/.tmp-1", "log.jsonl", "0000000000rep.log.jsonl"]) {
    await Deno.writeTextFile(`${path}/${name}`, `{"event":"${SECRET}","ts":1}\n`);
    await Deno.utime(`${path}/${name}`, OLD, OLD);
  }
}

/** All that a folder holds, with times and contents. */
async function state(folder: string): Promise<string> {
  const lines: string[] = [];
  const add = async (path: string): Promise<void> => {
    const { mtime, ctime, size, isDirectory, mode } = await Deno.lstat(path);
    lines.push(`${path} ${mtime?.getTime()} ${ctime?.getTime()} ${mode} ${isDirectory || size}`);
    if (!isDirectory) return void lines.push(await Deno.readTextFile(path));
    for await (const { name } of Deno.readDir(path)) await add(`${path}/${name}`);
  };
  await add(folder);
  return lines.sort().join("\n");
}

/** Command lines that write, clean, list and read. */
const COMMANDS = [
  ["ls"],
  ["query", "SELECT * FROM events"],
  ["index"],
  ["index", "--rebuild"],
  ["index", "--drop"],
  ["gc", "--older-than", "0d", "--force"],
  ["check"],
  ["log", "--exp", "EXP", "x", "loss=1"],
  ["run", "--quiet", "--exp", "EXP", "--", "true"],
  ["rm", "EXP"],
  ["gc", "--older-than", "0d", "--force"],
];

/** Places of links, relative to a repository; those of one group are links at the same time. */
const PLACES = [
  [".dbx"],
  [".dbx/index", ".dbx/incoming", ".dbx/trash", ".dbx/pipes"],
  [".dbx/index/catalogue", "objects", "EXP/notes"],
  ["EXP/runs"],
  ["EXP/runs/RUN"],
];

for (const places of PLACES) {
  Deno.test(`all commands in a repository with a link to a home folder as ${places.join(", ")} leave that as it is [slow]`, async () => {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    const { exp, run } = await repository(path);
    const outside = `${folder.path}/outside`;
    await victim(outside);
    await Deno.mkdir(`${path}/.dbx/index`, { recursive: true });
    for (const place of places) {
      const name = place.replace("EXP/runs/RUN", run).replace("EXP", exp);
      await Deno.remove(`${path}/${name}`, { recursive: true }).catch(() => {});
      await Deno.symlink(outside, `${path}/${name}`);
    }
    const before = await state(outside);
    const env = { HOME: `${folder.path}/home` };
    // One after the other: each is a real process with its real permissions.
    for (const command of places[0].startsWith(".dbx") ? COMMANDS : COMMANDS.slice(3)) {
      const words = command.map((word) => word === "EXP" ? exp : word);
      const { stdout, code } = await dbx([...words, "-R", path], { cwd: folder.path, env });
      assertFalse(stdout.includes(SECRET), words.join(" "));
      assert(code !== 70, `${words.join(" ")}: a bug`);
      assertEquals(await state(outside), before, words.join(" "));
    }
    const shown = await dbx(["index", "--show-permissions", "-R", path], { env });
    assertFalse(shown.stdout.includes(outside), "a link widens what the command may do");
  });
}

Deno.test("a link to a pipe or a device, and these themselves, hold nothing up [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { exp, run } = await repository(path);
  const fifo = `${folder.path}/fifo`;
  assertEquals((await new Deno.Command("mkfifo", { args: [fifo] }).output()).code, 0);
  for (const target of ["/dev/zero", fifo, undefined]) {
    for (const name of [`${run}/log.jsonl`, `${exp}/meta.json`, ".dbx/replica"]) {
      const other = `${folder.path}/${target === undefined ? "pipe" : target.replaceAll("/", "_")}-${name.length}`;
      assertEquals((await new Deno.Command("cp", { args: ["-a", path, other] }).output()).code, 0);
      await Deno.remove(`${other}/${name}`);
      if (target === undefined) await new Deno.Command("mkfifo", { args: [`${other}/${name}`] }).output();
      else await Deno.symlink(target, `${other}/${name}`);
      const store = new LocalStore(other);
      await assertRejects(() => store.read(name));
      await assertRejects(() => store.append(name, 0, new Uint8Array(1)));
      await assertRejects(() => store.stream(name));
      const { stdout } = await dbx(["query", "-R", other, "SELECT count(*) FROM events WHERE log = 'log'"]);
      assert(stdout.length > 0);
    }
  }
});

/** Runs something at the moment between a look and the call of the runtime that follows it. */
async function between<T>(call: "openSync" | "readDirSync", swap: () => void, work: () => T): Promise<Awaited<T>> {
  const runtime = Deno as unknown as Record<string, (...args: unknown[]) => unknown>;
  const real = runtime[call];
  let isSwapped = false;
  runtime[call] = (...args) => {
    if (!isSwapped) swap();
    isSwapped = true;
    return real(...args);
  };
  try {
    return await work();
  } finally {
    runtime[call] = real;
  }
}

Deno.test("a folder or file that is swapped for a link between the look and the opening is noticed", async () => {
  for (const what of ["folder", "file"] as const) {
    for (const how of [{ read: true }, { append: true }, { write: true, truncate: true }]) {
      await using folder = await scratch();
      const [path, outside] = [`${folder.path}/r`, `${folder.path}/outside`];
      await Deno.mkdir(`${path}/a/b`, { recursive: true });
      await Deno.mkdir(`${outside}/b`, { recursive: true });
      await Deno.writeTextFile(`${path}/a/b/f`, "inside");
      await Deno.writeTextFile(`${outside}/b/f`, SECRET);
      const place = what === "folder" ? "a" : "a/b/f";
      const target = what === "folder" ? outside : `${outside}/b/f`;
      const swap = () => {
        Deno.renameSync(`${path}/${place}`, `${folder.path}/away`);
        Deno.symlinkSync(target, `${path}/${place}`);
      };
      const root = new RootFolder(path);
      await between("openSync", swap, () => assertThrows(() => root.open("a/b/f", how), Error, "symbolic link"));
      assertEquals(await Deno.readTextFile(`${outside}/b/f`), SECRET);
    }
  }
});

Deno.test("a folder that is swapped for a link between the look and the listing is noticed", async () => {
  await using folder = await scratch();
  const [path, outside] = [`${folder.path}/r`, `${folder.path}/outside`];
  await Deno.mkdir(`${path}/a/b`, { recursive: true });
  await Deno.mkdir(`${outside}/b/${SECRET}`, { recursive: true });
  const swap = () => {
    Deno.renameSync(`${path}/a`, `${path}/away`);
    Deno.symlinkSync(outside, `${path}/a`);
  };
  await between(
    "readDirSync",
    swap,
    () => assertThrows(() => new RootFolder(path).list("a/b"), Error, "symbolic link"),
  );
});

Deno.test("a hard link: one's own is used; where others may write it is read, and never written", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await Deno.mkdir(`${path}/notes`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/other`, "other\n");
  await Deno.link(`${folder.path}/other`, `${path}/notes/log.jsonl`);
  const root = new RootFolder(path);
  // A copy by cp -al, in a folder that nobody else may write.
  await Deno.chmod(`${path}/notes`, 0o755);
  root.open("notes/log.jsonl", { append: true }).close();
  await Deno.chmod(`${path}/notes`, 0o2775);
  assertThrows(() => root.open("notes/log.jsonl", { append: true }), HardLinkError, "replace it with a copy");
  assertThrows(() => root.open("notes/log.jsonl", { write: true, truncate: true }), HardLinkError);
  assertEquals(root.readText("notes/log.jsonl"), "other\n");
  assertEquals(await Deno.readTextFile(`${folder.path}/other`), "other\n");
});

Deno.test("links under a served repository: not listed, not read, no experiment or run is made behind one", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const { exp, run } = await repository(path);
  const outside = `${folder.path}/outside`;
  await repository(outside);
  const { exp: other } = await repository(outside);
  await Deno.symlink(outside, `${path}/linked`);
  await Deno.symlink(`${outside}/${other}`, `${path}/${other}`);
  await using server = await serve({ path });
  const before = await state(outside);
  const list = await (await post(`${server.api}/query`, { sql: "SELECT id FROM experiments" })).text();
  assertStringIncludes(list, exp);
  assertFalse(list.includes(other));
  const made = await post(`${server.api}/experiments`, { kind: "k", name: "linked/deeper" });
  assert(made.status >= 400 && made.status < 500, `${made.status}`);
  assertFalse((await made.text()).includes(folder.path), "an error names a path");
  for (const id of [other, "linked"]) {
    const answer = await post(`${server.api}/experiments/${id}/runs`, { id: "0000000000new" });
    assert(answer.status >= 400 && answer.status < 500, `${answer.status}`);
    assertFalse((await answer.text()).includes(folder.path));
    for (const route of [`experiments/${id}`, `files/linked/${other}/meta.json`, `files/${other}/meta.json`]) {
      const read = await fetch(`${server.api}/${route}`);
      assert(read.status >= 400, route);
      await read.body?.cancel();
    }
  }
  // The run's own folder, as a link.
  await Deno.rename(`${path}/${exp}/runs`, `${folder.path}/runs`);
  await Deno.symlink(outside, `${path}/${exp}/runs`);
  const answer = await post(`${server.api}/experiments/${exp}/runs`, { id: "0000000000new" });
  assert(answer.status >= 400, `${answer.status}`);
  await answer.body?.cancel();
  const log = await fetch(`${server.api}/runs/${run.slice(-13)}/logs/log?offset=0`, {
    method: "POST",
    body: '{"event":"x"}\n',
  });
  assert(log.status >= 400, `${log.status}`);
  await log.body?.cancel();
  assertEquals(await state(outside), before);
});

Deno.test("changes behind a link are not watched", async () => {
  await using folder = await scratch();
  const [path, outside] = [`${folder.path}/r`, `${folder.path}/outside`];
  await Deno.mkdir(path);
  await Deno.mkdir(`${outside}/b`, { recursive: true });
  await Deno.symlink(outside, `${path}/linked`);
  let told = 0;
  const controller = new AbortController();
  new FolderChanges(path).watch(() => told++, controller.signal);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await Deno.writeTextFile(`${outside}/b/f`, "x");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(told, 0);
  await Deno.writeTextFile(`${path}/f`, "x");
  for (let tries = 0; tries < 50 && told === 0; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert(told > 0);
  controller.abort();
});

Deno.test("what lies in a repository's .dbx is not Python's, and dbx run --adopt writes nowhere else [slow]", async () => {
  await using folder = await scratch();
  const [path, outside] = [`${folder.path}/r`, `${folder.path}/outside`];
  await repository(path);
  const sprung = `${folder.path}/sprung`;
  for (const name of ["sitecustomize.py", "json.py", "usercustomize.py", "encodings/__init__.py"]) {
    await Deno.mkdir(`${path}/.dbx/python/encodings`, { recursive: true });
    await Deno.writeTextFile(`${path}/.dbx/python/${name}`, `open(${JSON.stringify(sprung)}, "w")\n`);
  }
  const env = { HOME: folder.path, XDG_CACHE_HOME: `${folder.path}/cache` };
  const ended = await dbx(["run", "-R", path, "-q", "--", "python3", "-c", "import json; print(json.dumps(1))"], {
    env,
  });
  assertEquals([ended.code, ended.stdout], [0, "1\n"], ended.stderr);
  await assertRejects(() => Deno.lstat(sprung));
  // Modules that lie in the cache folder are not Python's either: then there is no start-up file at all.
  const above = `${folder.path}/cache/dbx/python`;
  const [version] = Array.from(Deno.readDirSync(above), ({ name }) => name);
  const cache = `${above}/${version}`;
  await Deno.mkdir(`${cache}/encodings`);
  await Deno.writeTextFile(`${cache}/encodings/__init__.py`, `open(${JSON.stringify(sprung)}, "w")\n`);
  await Deno.writeTextFile(`${cache}/json.py`, `open(${JSON.stringify(sprung)}, "w")\n`);
  await dbx(["run", "-R", path, "-q", "--", "python3", "-c", "import json"], { env });
  await assertRejects(() => Deno.lstat(sprung));
  const hooked = async () =>
    (await dbx(["run", "-R", path, "-q", "--", "sh", "-c", 'echo "$PYTHONPATH"'], { env })).stdout.includes(cache);
  assertFalse(await hooked());
  await Deno.remove(`${cache}/encodings`, { recursive: true });
  await Deno.remove(`${cache}/json.py`);
  assert(await hooked());
  // Nor is the folder used that others may write, or own.
  for (const open of [cache, above]) {
    await Deno.chmod(open, 0o777);
    assertFalse(await hooked());
    await Deno.chmod(open, 0o700);
  }
  if (Deno.uid() === 0) {
    await Deno.chown(cache, 65534, 65534);
    assertFalse(await hooked());
  }
  // What is said to be left of a run names a folder elsewhere.
  await Deno.mkdir(outside);
  const left = `${path}/.dbx/pipes/0000000000run`;
  await Deno.mkdir(left, { recursive: true });
  const estate = { dir: outside, exp: "e", folder: "e", run: "0000000000run", store: path, dbx: 1, startedAt: 1 };
  await Deno.writeTextFile(`${left}/run.json`, JSON.stringify({ ...estate, hostname: Deno.hostname() }));
  for (const name of ["out.kept", "err.kept"]) await Deno.writeTextFile(`${left}/${name}`, "x\n");
  await new Deno.Command("mkfifo", { args: [`${left}/out`, `${left}/err`] }).output();
  const adopt = () => dbx(["run", "-R", path, "--adopt", "0000000000run"], { env });
  assertStringIncludes((await adopt()).stderr, `according to its files, its run is in ${outside}`);
  assertEquals(Array.from(Deno.readDirSync(outside)), []);
  // Or a folder here that is a link, and another repository in which it would not be one.
  await repository(`${folder.path}/other`);
  await Deno.mkdir(`${path}/e/runs`, { recursive: true });
  await Deno.symlink(outside, `${path}/e/runs/0000000000run`);
  for (const store of [path, `${folder.path}/other`]) {
    const here = { ...estate, dir: `${path}/e/runs/0000000000run`, store, hostname: Deno.hostname() };
    await Deno.writeTextFile(`${left}/run.json`, JSON.stringify(here));
    assert((await adopt()).code !== 0);
    assertEquals(Array.from(Deno.readDirSync(outside)), []);
  }
});
