import { NotFoundError, UsageError } from "../../lib/base/errors.ts";
import { consoleLogger } from "../../lib/logger/console_logger.ts";
import { LostEventsError } from "../../lib/logger/lost_events_error.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test("RunLogger: contexts, stopwatches, named logs, files, the report", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({
    kind: "k",
    name: "n",
    params: { lr: 0.1, when: new Date(0) },
    extra: { team: "a" },
  });
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
    (await (await repo.experiment(experiment.id.slice(0, 6))).run({ env: false, git: false })).exp,
    experiment.id,
  );
});

Deno.test("RunLogger: await using counts what was lost in a warning, and throws it where it is strict", async () => {
  await using folder = await scratch();
  const experiment = await (await openRepository(folder.path)).experiment({ kind: "k" });
  const options = { env: false, git: false } as const;
  const warnings: string[] = [];
  const reports: number[] = [];
  const onWarning = (message: string) => warnings.push(message);
  let id;
  {
    await using run = await experiment.run({ ...options, onWarning, onFinish: ({ lost }) => reports.push(lost) });
    id = run.id;
    run.log("kept", { x: 1 });
    run.log("lost", { f: () => 1 });
  }
  assertEquals(reports, [1]);
  assertStringIncludes(warnings.at(-1)!, `Run ${id} lost 1 of 2 events: Cannot log`);
  const before = warnings.length;
  {
    await using run = await experiment.run({ ...options, onWarning });
    run.log("lost", { f: () => 1 });
    assertEquals((await run.finish()).lost, 1);
  }
  assertEquals(warnings.slice(before).filter((warning) => warning.startsWith("Run")), []);
  const error = await assertRejects(
    async () => {
      await using run = await experiment.run({ ...options, strict: true, onWarning });
      assertThrows(() => run.log("thrown", { f: () => 1 }));
      // As with a disk that fails at the end: nobody was told.
      await Deno.remove(`${run.dir}/log.jsonl`);
      await Deno.mkdir(`${run.dir}/log.jsonl`);
      run.log("gone", { x: 1 });
    },
    LostEventsError,
  );
  assertEquals([error.report.events, error.report.lost > 1], [0, true]);
});

Deno.test("experiment: an option that there is not is refused, with the one that was meant", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  // @ts-expect-error -- as a script in JavaScript would
  const wrong = repo.experiment({ kind: "k", parms: { lr: 1 } });
  await assertRejects(() => wrong, UsageError, 'there is no option "parms"; did you mean "params"?');
  // @ts-expect-error -- the same
  const custom = repo.experiment({ kind: "k", team: "a" });
  await assertRejects(() => custom, UsageError, 'there is no option "team"; put keys of your own into "extra"');
  // @ts-expect-error -- the same
  await assertRejects(() => repo.experiment({}), UsageError, '"kind" must be a string');
  const experiment = await repo.experiment({ kind: "k" });
  // @ts-expect-error -- the same
  const run = experiment.run({ durabilty: "disk" });
  await assertRejects(() => run, UsageError, 'there is no option "durabilty"; did you mean "durability"?');
});

Deno.test("experiment: by its id it takes tags and notes; one of v0 takes no further run", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const { id } = await repo.experiment({ kind: "k", params: { lr: 0.5 } });
  const again = await repo.experiment(id.slice(0, 6));
  assertEquals([again.id, again.params], [id, { lr: 0.5 }]);
  await again.tag("kept");
  await again.note("as good as the paper's");
  const old = "abcdefghijk_1";
  await Deno.mkdir(`${folder.path}/${old}`);
  const text = JSON.stringify({ id: old, kind: "k", params: {}, createdAt: "2020-01-01T00:00:00.000Z" });
  await Deno.writeTextFile(`${folder.path}/${old}/meta.json`, text);
  await Deno.writeTextFile(`${folder.path}/${old}/log.jsonl`, "");
  const first = await repo.experiment(old);
  await first.tag("old");
  await assertRejects(() => first.run(), UsageError, "format v0");
  const tagsOf = async (id: string) => (await (await repo.findExperiment(id)).notes()).tags;
  assertEquals([await tagsOf(id), await tagsOf(old)], [["kept"], ["old"]]);
  await assertRejects(() => repo.experiment("zzz"), NotFoundError);
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
