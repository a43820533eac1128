import { openRepository } from "../../../lib/logger/open.ts";
import { Lifecycle } from "../../../lib/logger/lifecycle.ts";
import { LogWriter } from "../../../lib/logger/log/log_writer.ts";
import type { RunLogger } from "../../../lib/logger/run_logger.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const eventsOf = async (folder: string, run: string, log = "log"): Promise<number[]> => {
  const reader = await openReader(folder);
  return (await Array.fromAsync((await reader.findRun(run)).log(log).read())).map(({ data }) => Number(data.v));
};
const range = (to: number) => Array.from({ length: to }, (_, at) => at);

async function start(path: string, warnings: string[] = []): Promise<RunLogger> {
  const repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k", name: "some/name" });
  return await experiment.run({ git: false, env: false, onWarning: (message) => warnings.push(message) });
}

Deno.test("RunLogger: rm -rf of the repository in mid-run loses nothing, and is said once and at the end", async () => {
  for (const what of ["repository", "run", "log"] as const) {
    await using folder = await scratch();
    const path = `${folder.path}/output`;
    const warnings: string[] = [];
    const run = await start(path, warnings);
    for (let i = 0; i < 5; i++) run.log("e", { v: i });
    await Deno.remove({ repository: path, run: run.dir, log: `${run.dir}/log.jsonl` }[what], { recursive: true });
    for (let i = 5; i < 9; i++) run.log("e", { v: i });
    const report = await run.finish();
    assertEquals(await eventsOf(path, run.id), range(9), what);
    assertEquals([report.events, report.lost, warnings.length], [9, 0, 1], what);
    assertStringIncludes(warnings[0], "removed");
    assert(report.interruptions?.some(({ file, kind }) => file === "log.jsonl" && kind === "removed"));
    const reader = await openReader(path);
    const [end] = await (await reader.findRun(run.id)).log("dbx").last(1);
    assertEquals([end.event, end.data.status], ["dbx/end", "finished"]);
    assert(Array.isArray(end.data.interruptions) && end.data.interruptions.length > 0);
    assertEquals(await Array.fromAsync(checkRepository(reader)), [], what);
  }
});

Deno.test("RunLogger: git stash -u takes the files of a run, and they are written again", async () => {
  await using folder = await scratch();
  const git = async (...args: string[]) => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    const { code, stderr } = await new Deno.Command("git", { args: [...who, ...args], cwd: folder.path }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  };
  await git("init", "-q");
  await Deno.writeTextFile(`${folder.path}/train.py`, "1\n");
  await git("add", "train.py");
  await git("commit", "-qm", "first");
  const run = await start(`${folder.path}/output`);
  for (let i = 0; i < 5; i++) run.log("e", { v: i });
  await Deno.remove(`${folder.path}/output/.gitignore`).catch(() => {});
  await git("stash", "-u", "-q");
  run.log("e", { v: 5 });
  assertEquals((await run.finish()).lost, 0);
  assertEquals(await eventsOf(`${folder.path}/output`, run.id), range(6));
});

Deno.test("RunLogger: a file that an older copy replaced is completed; one that was shortened is counted", async () => {
  await using folder = await scratch();
  const warnings: string[] = [];
  const run = await start(folder.path, warnings);
  const log = `${run.dir}/log.jsonl`;
  for (let i = 0; i < 5; i++) run.log("e", { v: i });
  const older = await Deno.readTextFile(log);
  for (let i = 5; i < 8; i++) run.log("e", { v: i });
  // As rsync does it: a new file with a part of a line at its end, and then its name.
  await Deno.writeTextFile(`${run.dir}/.log.jsonl.x`, older + '{"event":"e","ts"');
  await Deno.rename(`${run.dir}/.log.jsonl.x`, log);
  run.log("e", { v: 8 });
  const other = run.openLog("other");
  for (let i = 0; i < 4; i++) other.log("e", { v: i });
  const text = await Deno.readTextFile(`${run.dir}/other.log.jsonl`);
  await Deno.truncate(`${run.dir}/other.log.jsonl`, text.indexOf("\n") + 9);
  const report = await run.finish();
  assertEquals(await eventsOf(folder.path, run.id), range(9));
  assertEquals(await eventsOf(folder.path, run.id, "other"), [0]);
  assertEquals([report.lost, report.events], [3, 10]);
  assertEquals(new Set(report.interruptions?.map(({ kind }) => kind)), new Set(["replaced", "shortened"]));
  assertEquals((await (await (await openReader(folder.path)).findRun(run.id)).status()).lost, 3);
});

Deno.test("LogWriter: another file at the path is continued at the start of a line, and what was lost is counted", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/x.log.jsonl`;
  let now = Date.now();
  const writer = LogWriter.open(path, { onWarning: () => {}, now: () => now });
  writer.write("a", { v: 0 });
  await Deno.remove(path);
  await Deno.writeTextFile(path, '{"event":"b","ts":1}\n{"event":"c"');
  now += 2000;
  writer.write("a", { v: 1 });
  const report = await writer.close();
  const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assertEquals(lines.map(({ event, v }) => [event, v]), [["b", undefined], ["a", 1]]);
  assertEquals([report.events, report.lost], [1, 1]);
});

Deno.test("Lifecycle: the log of a child that is removed is made again, and what the child still writes to it is kept", async () => {
  for (const how of ["removed", "written again", "an older copy"] as const) {
    await using folder = await scratch();
    const run = await start(folder.path, []);
    const path = `${run.dir}/child.log.jsonl`;
    const line = (v: number) => `{"event":"e","ts":1,"v":${v}}\n`;
    let now = Date.now();
    // A life of its own, whose clock the test turns.
    const life = new Lifecycle(`${run.dir}/dbx.log.jsonl`, { pid: 1 }, () => {}, { now: () => now });
    using child = await Deno.open(path, { append: true, create: true });
    const write = (text: string) => child.writeSync(new TextEncoder().encode(text));
    write(line(0) + line(1));
    life.beat(now += 31_000);
    await Deno.remove(path);
    if (how === "written again") await Deno.writeTextFile(path, line(7));
    if (how === "an older copy") await Deno.writeTextFile(path, line(0));
    write(line(2));
    life.beat(now += 31_000);
    // The child has the file open that was removed.
    write(line(3));
    const { interruptions } = await life.end({ status: "finished" }, { events: 0, reasons: [] });
    assertEquals(interruptions, [{ file: "child.log.jsonl", kind: "removed", lost: 0 }]);
    const expected = how === "written again" ? [7, 0, 1, 2, 3] : [0, 1, 2, 3];
    assertEquals(await eventsOf(folder.path, run.id, "child"), expected, how);
    await run.finish();
  }
});

Deno.test("RunLogger: a folder that was moved keeps all of it where it is now", async () => {
  await using folder = await scratch();
  const run = await start(`${folder.path}/output`);
  run.log("e", { v: 0 });
  await Deno.rename(`${folder.path}/output`, `${folder.path}/elsewhere`);
  run.log("e", { v: 1 });
  const report = await run.finish();
  assertEquals(await eventsOf(`${folder.path}/elsewhere`, run.id), [0, 1]);
  assertEquals(report.interruptions?.every(({ kind }) => kind === "moved"), true);
  assertEquals(await Deno.stat(`${folder.path}/output`).catch(() => "gone"), "gone");
});
