// What happens to the files of a run while it goes on: they are removed, and their disk fills up.
import { openRepository } from "../../lib/logger/open.ts";
import { Lifecycle } from "../../lib/logger/lifecycle.ts";
import { createRun } from "../../lib/logger/create.ts";
import { openReader } from "../../lib/repo/open.ts";
import type { Run } from "../../lib/repo/experiments/run.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { DBX, dbx, scratch } from "./dbx.ts";

async function only(path: string): Promise<Run> {
  const [experiment] = await Array.fromAsync((await openReader(path)).experiments());
  return (await experiment.runs()).at(-1)!;
}

async function linesOf(run: Run, log: string): Promise<string[]> {
  return (await Array.fromAsync(run.log(log).read())).map(({ data }) => String(data.text ?? data.v));
}

Deno.test("dbx run: rm -rf of its files in mid-run loses nothing, is said, and leaves the exit code alone [slow]", async () => {
  for (const what of ["$DBX_RUN_DIR", "$DBX_REPO", "$DBX_RUN_DIR/stdout.log.jsonl"]) {
    await using folder = await scratch();
    // Where the folder no longer exists, the child waits until it is there again.
    const child = `echo one; echo '{"event":"e","v":1}' >> "$DBX_LOG"; sleep 2.5; rm -rf "${what}"; echo two
      i=0; while [ ! -e "$DBX_RUN_DIR/meta.json" ] && [ $i -lt 600 ]; do i=$((i+1)); sleep 0.1; done
      echo '{"event":"e","v":2}' >> "$DBX_LOG"; exit 3`;
    const ended = await dbx(["run", "--no-git", "--", "sh", "-c", child], { cwd: folder.path });
    assertEquals([ended.code, ended.stdout], [3, "one\ntwo\n"]);
    assertMatch(ended.stderr, /files of this run were removed \(.*stdout\.log\.jsonl.*\) while it was written/);
    assertMatch(ended.stderr, /no logged line is lost/);
    const run = await only(`${folder.path}/output`);
    assertEquals(await linesOf(run, "stdout"), ["one", "two"], what);
    assertEquals((await linesOf(run, "log")).sort(), ["1", "2"], what);
    assertEquals((await run.status()).status, "failed");
    assertEquals(run.definition.cmd?.[0], "sh");
    const check = await dbx(["check"], { cwd: folder.path });
    assertEquals(check.code, 0, check.stdout);
  }
});

Deno.test("dbx run: the git diff of a run comes back too when the repository is removed in mid-run [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const setup = `git init --quiet . && echo 1 > f && git add f &&
    git -c user.name=n -c user.email=e@x commit --quiet --message first && echo 2 > f`;
  assert((await new Deno.Command("sh", { args: ["-c", setup], cwd }).output()).success);
  const child = `rm -rf "$DBX_REPO"; i=0; while [ ! -e "$DBX_RUN_DIR/meta.json" ] && [ $i -lt 600 ]; do
    i=$((i+1)); sleep 0.1; done`;
  const ended = await dbx(["run", "--", "sh", "-c", child], { cwd });
  assertEquals(ended.code, 0);
  const check = await dbx(["check", "--read-data"], { cwd });
  assertEquals([check.code, check.stdout], [0, "checked 1 experiment and 1 object: 0 damaged, 0 notes\n"]);
  // An object that a definition refers to is missed, as is one that a line refers to.
  await Deno.remove(`${cwd}/output/objects`, { recursive: true });
  assertMatch(
    (await dbx(["check"], { cwd })).stdout,
    /note: .*\/meta\.json: refers to the object [0-9a-f]{64}, which is not here/,
  );
});

Deno.test("dbx run: a small disk fills up in mid-run; the child goes on, and ls, show, query and check say what is lost [slow]", async () => {
  await using folder = await scratch();
  const disk = `${folder.path}/disk`;
  await Deno.mkdir(disk);
  // What fills it is removed before the end, so that the end itself can be written.
  const script = `mount -t tmpfs -o size=2000k tmpfs "$1" || exit 99
    cd "$1"; shift; head -c 1500000 /dev/zero > fill; "$@"; code=$?; cp -r output ../kept; exit $code`;
  const child = `i=0; while [ $i -lt 40000 ]; do i=$((i+1)); echo "line $i of the output"; done; rm fill; exit 5`;
  const words = ["-rm", "sh", "-c", script, "sh", disk, ...DBX, "run", "--no-git", "--", "sh", "-c", child];
  const env = { DBX_REPO: "", NO_COLOR: "1" };
  const { code, stdout, stderr } = await new Deno.Command("unshare", { args: words, env, stdin: "null" }).output();
  const said = new TextDecoder().decode(stderr);
  if (code === 99 || said.includes("unshare")) {
    return console.log("skipped: no right to mount a small file system here");
  }
  assertEquals([code, new TextDecoder().decode(stdout).split("\n").length], [5, 40001], said);
  const lost = Number(/(\d+) events were lost/.exec(said)?.[1]);
  assert(lost > 1000, said);
  await saysLost(`${folder.path}/kept`, lost, /No space left/);
});

/** That every way to look at a repository says what its one run lost. */
async function saysLost(path: string, lost: number, reason: RegExp): Promise<void> {
  const run = await only(path);
  const status = await run.status();
  assertEquals(status.lost, lost);
  const ls = await dbx(["ls"], { cwd: path, env: { DBX_REPO: path } });
  assertStringIncludes(ls.stdout, `${lost} events`);
  const json = JSON.parse((await dbx(["ls", "--json"], { env: { DBX_REPO: path } })).stdout);
  assertEquals(json[0].lost, lost);
  const show = await dbx(["show", run.id], { env: { DBX_REPO: path } });
  assertMatch(show.stdout, new RegExp(`lost ${lost} events \\(.*${reason.source}`));
  const sql = "SELECT run FROM runs WHERE lost_events > 0";
  assertStringIncludes((await dbx(["query", sql], { env: { DBX_REPO: path } })).stdout, run.id);
  const check = await dbx(["check"], { env: { DBX_REPO: path } });
  assertEquals(check.code, 0, check.stdout);
  assertMatch(check.stdout, new RegExp(`failed to record ${lost} of its events: .*${reason.source}`));
}

Deno.test("ls, show, check: a run that goes on says by its heartbeats what it lost so far", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k" });
  const { folder: run } = await createRun(repo.store, experiment.folder, {});
  let now = Date.now() - 40_000;
  const life = new Lifecycle(repo.store.path(`${run}/dbx.log.jsonl`), { pid: 1 }, () => {}, { now: () => now });
  const log = life.open("log", { onWarning: () => {} });
  log.write("e", { f: () => "not data" });
  life.beat(now += 31_000);
  const status = async () => await (await only(folder.path)).status();
  assertEquals([(await status()).status, (await status()).lost], ["running", 1]);
  const ls = await dbx(["ls"], { env: { DBX_REPO: folder.path } });
  assertMatch(ls.stdout, /running +1 events/);
  // Answers to requests come between heartbeats.
  for (let at = 0; at < 10; at++) life.write("dbx/command", { ack: "stopping" });
  assertEquals((await status()).lost, 1);
  const check = await dbx(["check"], { env: { DBX_REPO: folder.path } });
  assertStringIncludes(check.stdout, "failed to record 1 of its events");
  await log.close();
  await life.end({ status: "finished" }, { events: 1, reasons: ["a function"] });
  assertEquals([(await status()).status, (await status()).lostReasons], ["finished", ["a function"]]);
});

Deno.test("dbx run: what could be stored but not named stays in $DBX_FILES, is said, and can be imported [slow]", async () => {
  await using folder = await scratch();
  // The log that names files cannot be made where a folder stands, as it cannot on a full disk.
  const child = `mkdir "$DBX_RUN_DIR/files.log.jsonl" && echo weights > "$DBX_FILES/model.pt"`;
  const ended = await dbx(["run", "--no-git", "--", "sh", "-c", child], { cwd: folder.path });
  assertEquals(ended.code, 0);
  const { id, folder: at } = await only(`${folder.path}/output`);
  assertMatch(
    ended.stderr,
    /the file that the command wrote to \$DBX_FILES could not be recorded and stayed in .*\.dbx/,
  );
  await Deno.remove(`${folder.path}/output/${at}/files.log.jsonl`);
  const check = await dbx(["check"], { cwd: folder.path });
  assertMatch(check.stdout, new RegExp(`a file of a run, not recorded .*dbx run --adopt ${id} imports it`));
  const adopted = await dbx(["run", "--adopt", id], { cwd: folder.path });
  assertEquals(adopted.code, 0, adopted.stderr);
  assertEquals((await dbx(["cat", `${id}:model.pt`], { cwd: folder.path })).stdout, "weights\n");
  assert(!(await dbx(["check"], { cwd: folder.path })).stdout.includes("not recorded"));
});
