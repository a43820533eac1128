import { consoleLogger } from "../../lib/logger/console_logger.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test("RunLogger: contexts, stopwatches, named logs, files, the report", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k", name: "n", params: { lr: 0.1, when: new Date(0) }, team: "a" });
  assertEquals([experiment.params.lr, experiment.params.when], [0.1, "1970-01-01T00:00:00.000Z"]);
  const logger = await experiment.run({ env: false, git: false });
  for (const epoch of logger.each("epoch", 2)) {
    epoch.log("train", { loss: epoch.index });
    epoch.sub("batch", 7).log("", { x: NaN });
    assertEquals([epoch.parent?.path, epoch.root.path, epoch.at("a/b").path], ["epoch", "", "a/b"]);
  }
  {
    using watch = logger.start("eval");
    watch.end({ acc: 1 });
  }
  logger.openLog("extra").log("e", new Map([["m", new Set([1, 2n])]]));
  assertThrows(() => logger.openLog("dbx"), Error, "life of the run");
  assertThrows(() => logger.openLog("../x"));
  const bytes = new TextEncoder().encode("abc");
  await Deno.writeFile(`${folder.path}/source.txt`, bytes);
  const files = [
    await logger.file("a", bytes),
    await logger.file("b", `${folder.path}/source.txt`),
    await logger.file("c", new Blob([bytes])),
  ];
  assertEquals(new Set(files.map((file) => file.sha256)).size, 1);
  const reference = await logger.refFile(`${folder.path}/source.txt`);
  assertEquals([reference._dbx, reference.sha256], ["reffile", files[0].sha256]);
  await assertRejects(() => logger.file("none", `${folder.path}/none`), Deno.errors.NotFound);
  const report = await logger.finish();
  assertEquals(await logger.finish("failed"), report);
  assertEquals([report.events, report.lost], [10, 0]);

  const run = await (await openReader(folder.path)).findRun(logger.id);
  const events = await Array.fromAsync(run.log().read());
  assertEquals(events.slice(0, 4).map((event) => event.event), [
    "epoch/0/train",
    "epoch/0/batch/7",
    "epoch/1/train",
    "epoch/1/batch/7",
  ]);
  assertEquals(events[1].data, { x: { _dbx: "nan" } });
  assert(typeof events[4].data.duration === "number" && events[4].data.acc === 1);
  assertEquals((await Array.fromAsync(run.log("extra").read()))[0].data, { m: [1, 2] });
  assertEquals((await run.status()).status, "finished");
  assertEquals(run.experiment.extra, { team: "a" });
});

Deno.test("RunLogger: await using finishes; strict throws; notes of several processes and copies", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k" });
  let id;
  {
    await using logger = await experiment.run({ env: false, git: false, strict: true, onWarning: () => {} });
    id = logger.id;
    assertThrows(() => logger.log("e", { f: () => 1 }));
  }
  const reader = await openReader(folder.path);
  assertEquals((await (await reader.findRun(id)).status()).status, "finished");
  await Promise.all(Array.from({ length: 20 }, (_, at) => experiment.note(`note ${at}`)));
  await experiment.tag("a", "b");
  const notes = await (await reader.findExperiment(experiment.id)).notes();
  assertEquals([notes.notes.length, notes.tags], [20, ["a", "b"]]);
  assertEquals(
    (await (await repo.resume(experiment.id.slice(0, 6))).run({ env: false, git: false })).exp,
    experiment.id,
  );
});

Deno.test("RunLogger: git's commit, branch and changes, with the diff as an object", async () => {
  await using folder = await scratch();
  const git = async (...args: string[]) => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    const options = { args: [...who, ...args], cwd: folder.path, stdout: "null", stderr: "null" } as const;
    assertEquals((await new Deno.Command("git", { ...options, args: [...options.args] }).output()).code, 0);
  };
  await git("init", "-b", "work");
  await Deno.writeTextFile(`${folder.path}/f`, "one\n");
  await git("add", "f");
  await git("commit", "-m", "first");
  await Deno.writeTextFile(`${folder.path}/f`, "two\n");
  const repo = await openRepository(`${folder.path}/out`);
  const logger = await (await repo.experiment({ kind: "k" })).run({ pwd: folder.path });
  await logger.finish();
  const state = logger.definition.git as Record<string, unknown>;
  assertEquals([state.branch, state.dirty, String(state.commit).length], ["work", true, 40]);
  const sha256 = (state.diff as { sha256: string }).sha256;
  assertStringIncludes(await Deno.readTextFile(`${folder.path}/out/objects/${sha256.slice(0, 2)}/${sha256}`), "+two");
});

Deno.test("consoleLogger: prints lines, needs no repository and no permission", { permissions: "none" }, () => {
  const lines: string[] = [];
  const log = consoleLogger((line) => lines.push(line));
  log.sub("train", 1).log("x", { a: 1 });
  log.log("bad", { f: () => 1 });
  assertEquals([JSON.parse(lines[0]).event, JSON.parse(lines[0]).a], ["train/1/x", 1]);
  assertStringIncludes(lines[1], "Cannot log");
});
