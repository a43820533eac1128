import { listSpools } from "../../../lib/client/spool/list.ts";
import { Spool } from "../../../lib/client/spool/spool.ts";
import { RootFolder } from "../../../lib/fs/folders/root_folder.ts";
import { RemoteRepository } from "../../../lib/client/remote_repository.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../assert.ts";
import { dbx, scratch, spawn } from "../../e2e/dbx.ts";
import { serve } from "../../server/world.ts";

const root = new URL("../../../", import.meta.url).href;
const DAYS = 86_400_000;

/** A script that logs to a server and ends in some way; it must end by itself. */
async function script(url: string, spool: string, ending: string): Promise<{ code: number; stderr: string }> {
  const source = `import { openRepository } from "${root}mod.ts";
    const repo = await openRepository(Deno.args[0], { spool: Deno.args[1] });
    const experiment = await repo.experiment({ kind: "k" });
    const run = await experiment.run({ git: false, env: false });
    for (let i = 0; i < 100; i++) run.log("e", { i });
    ${ending}`;
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-config",
      "--no-check",
      "--unstable-raw-imports",
      "--unstable-worker-options",
      source,
      url,
      spool,
    ],
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  });
  const { code, stderr } = await command.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

async function eventsThere(path: string): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const experiment of (await openReader(path)).experiments()) {
    for (const run of await experiment.runs()) {
      const { status } = await run.status();
      found.push([status, (await Array.fromAsync(run.log().read())).length]);
    }
  }
  return found;
}

Deno.test("openRepository(URL): a script that calls finish() ends by itself, and all is sent and nothing left [slow]", async () => {
  await using server = await serve();
  await initRepository(server.path);
  const spool = `${server.beside}/spool`;
  const twice = `await run.finish();
    while ([...Deno.readDirSync(Deno.args[1])].length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await experiment.run({ git: false, env: false });
    second.log("e", { i: 0 });
    await experiment.tag("late");
    await second.finish();`;
  assertEquals(await script(server.url, spool, twice), { code: 0, stderr: "" });
  assertEquals(await eventsThere(server.path), [["finished", 100], ["finished", 1]]);
  assertEquals([...Deno.readDirSync(spool)].length, 0);
});

Deno.test("openRepository(URL): a script that calls finish() ends by itself where there is no server, and all of it waits [slow]", async () => {
  await using folder = await scratch();
  const { code, stderr } = await script("http://127.0.0.1:1", folder.path, "await run.finish();");
  assertEquals(code, 0);
  assertStringIncludes(stderr, "dbx spool push --repo http://127.0.0.1:1 sends it");
  const [kept] = await listSpools(folder.path, Date.now());
  assertEquals([kept.isAlive, kept.hasEnded], [false, true]);
  assertEquals(await eventsThere(kept.path), [["finished", 100]]);
});

Deno.test("openRepository(URL): a script that does not call finish() ends by itself; what is not sent waits", async () => {
  await using server = await serve();
  await initRepository(server.path);
  const spool = `${server.beside}/spool`;
  assertEquals((await script(server.url, spool, "")).code, 0);
  const [kept] = await listSpools(spool, Date.now());
  assertEquals([kept.isAlive, kept.hasEnded], [false, false]);
  assertEquals((await eventsThere(kept.path))[0][1], 100);
});

Deno.test("keptSpools: a process that slept for days still has its spool, and nobody else opens it [slow]", async () => {
  await using folder = await scratch();
  const repo = RemoteRepository.unopened("http://127.0.0.1:1", { spool: folder.path, onMessage: () => {} });
  await repo.spoolStore();
  const [kept] = await listSpools(folder.path, Date.now() + 3 * DAYS);
  assertEquals(kept.isAlive, true);
  assertEquals(Spool.open(kept.path, repo.store), undefined);
  await repo.close(1);
  const [left] = await listSpools(folder.path, Date.now());
  assertEquals(left.isAlive, false);
  const opened = Spool.open(left.path, repo.store);
  assert(opened !== undefined);
  assertEquals(Spool.open(left.path, repo.store), undefined, "two never send one spool");
  opened.leave();
});

Deno.test("dbx spool push: keeps the folder of a training that lives on after dbx was killed days ago [slow]", async () => {
  await using server = await serve();
  await initRepository(server.path);
  const env = { DBX_SPOOL: `${server.beside}/spool` };
  const go = `${server.beside}/go`;
  // The training prints nothing: it logs, waits for a word, and logs again.
  const training = `echo '{"event":"e","v":1}' >> "$DBX_LOG"; echo $$ > ${go}.pid
    while [ ! -e ${go} ]; do sleep 0.05; done; echo '{"event":"e","v":2}' >> "$DBX_LOG" && echo > ${go}.done`;
  const child = spawn(["run", "-q", "-R", server.url, "--", "sh", "-c", training], { env });
  await until(() => exists(`${go}.pid`));
  // Without its keeper, nobody goes on with the recording.
  await new Deno.Command("pkill", { args: ["-KILL", "-f", `dbx-keeper .*${go}`] }).output();
  child.kill("SIGKILL");
  await Promise.all([child.status, child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()]);
  const [{ path }] = await listSpools(env.DBX_SPOOL, Date.now());
  for (const entry of await filesBelow(path)) await Deno.utime(entry, new Date(0), new Date(0));
  await Deno.writeTextFile(`${path}/.dbx/alive`, "1\n");
  const pushed = await dbx(["spool", "push", "-R", server.url], { env });
  assertEquals(pushed.code, 0, pushed.stderr);
  assertMatch(pushed.stdout, /it stays: its run has not ended/);
  await Deno.writeTextFile(go, "");
  await until(() => exists(`${go}.done`));
  assertEquals((await dbx(["spool", "push", "-R", server.url, "--remove-unended"], { env })).code, 0);
  assertEquals((await eventsThere(server.path))[0][1], 2, "what it logged later is sent too");
  assert(await exists(path), "something was written there within a day");
  for (const entry of await filesBelow(path)) await Deno.utime(entry, new Date(0), new Date(0));
  assertEquals((await dbx(["spool", "push", "-R", server.url, "--remove-unended"], { env })).code, 0);
  assertEquals(await exists(path), false);
});

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesBelow(`${folder}/${name}`));
    else files.push(`${folder}/${name}`);
  }
  return files;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1200 && !(await condition()); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert(await condition());
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("spool: while it is removed, whoever looks at spools cannot hold it up or bring it back", async () => {
  await using folder = await scratch();
  const spool = `${folder.path}/spool/0spool0000001`;
  await initRepository(spool);
  Deno.writeTextFileSync(`${spool}/.dbx/spool.json`, `{"url":"http://127.0.0.1:1"}\n`);
  const removeSync = Deno.removeSync;
  const refused: string[] = [];
  try {
    Deno.removeSync = (path, options) => {
      // At this moment, another process goes on with what it began with the old name.
      for (const name of ["dbx.json", ".dbx/lock", ".dbx/marker.json"]) {
        try {
          Deno.writeTextFileSync(`${spool}/${name}`, "late");
        } catch (error) {
          refused.push((error as Error).name);
        }
      }
      removeSync(path, options);
    };
    new RootFolder(spool).removeAll();
  } finally {
    Deno.removeSync = removeSync;
  }
  assertEquals(refused, ["NotFound", "NotFound", "NotFound"]);
  assertEquals([...Deno.readDirSync(`${folder.path}/spool`)], []);
});

Deno.test("spool: what a kill left of one that was being removed is no spool, and goes", async () => {
  await using folder = await scratch();
  const spools = `${folder.path}/spool`;
  for (const name of [".tmp-gone-0abcdefghijkl", "0spool0000001"]) {
    await initRepository(`${spools}/${name}`);
    Deno.writeTextFileSync(`${spools}/${name}/.dbx/spool.json`, `{"url":"http://127.0.0.1:1"}\n`);
    Deno.writeTextFileSync(`${spools}/${name}/.dbx/alive`, "0\n");
  }
  assertEquals((await listSpools(spools, Date.now())).map(({ path }) => path), [`${spools}/0spool0000001`]);
  assertEquals(Array.from(Deno.readDirSync(spools), ({ name }) => name), ["0spool0000001"]);
});
