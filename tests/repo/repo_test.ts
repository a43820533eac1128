import { AmbiguousError, DamageError, NotFoundError, VersionError } from "../../lib/base/errors.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { locateRepository } from "../../lib/client/location/default_repository.ts";
import { type LogReader, LogReader as Reader } from "../../lib/repo/logs/log_reader.ts";
import type { ReadEvent } from "../../lib/repo/logs/event_source.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import type { Problem } from "../../lib/repo/problems/problem.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

const line = (at: number): string => `{"event":"e/${at}","ts":${at},"v":${at}}\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, at) => line(at)).join("");

function logIn(folder: string): LogReader {
  return new Reader(new LocalStore(folder), "run", "log");
}

Deno.test("LogReader: whole, from an offset, from the end; what follows the last line is no event yet", async () => {
  await using folder = await scratch();
  await Deno.mkdir(`${folder.path}/run`);
  const count = 30_000; // Several chunks.
  await Deno.writeTextFile(`${folder.path}/run/log.jsonl`, lines(count) + '{"event":"torn');
  const log = logIn(folder.path);
  const all = await Array.fromAsync(log.read());
  assertEquals(all.length, count);
  all.forEach((event, at) => assert(event.data.v === at && event.line === at + 1));
  const middle = all[17_000];
  const rest = await Array.fromAsync(log.read({ offset: middle.offset }));
  assertEquals([rest.length, rest[0].data.v, rest[0].offset], [count - 17_000, 17_000, middle.offset]);
  assertEquals((await log.last(3)).map((event) => event.data.v), [count - 3, count - 2, count - 1]);
  assertEquals((await log.last(count + 5)).length, count);
  assertEquals(await log.wholeEnd(), all[count - 1].end);
  for (const many of [0, 1, 2, 9000, count - 1]) {
    assertEquals(await log.startOfLast(many), many === 0 ? all[count - 1].end : all[count - many].offset);
  }
  for (const many of [count, count + 5]) assertEquals(await log.startOfLast(many), 0);
});

Deno.test("LogReader: a bad line is told with its place, the rest is read; so are lines of 50 MB", async () => {
  await using folder = await scratch();
  await Deno.mkdir(`${folder.path}/run`);
  const bad = new TextEncoder().encode("{broken\n[1]\n{}\n");
  const notText = new Uint8Array([0x7b, 0xff, 0x7d, 0x0a]);
  const long = JSON.stringify({ event: "long", ts: 1, text: "x".repeat(50_000_000) }) + "\n";
  const parts = [line(0), bad, line(1), notText, long, line(2)];
  await Deno.writeFile(
    `${folder.path}/run/log.jsonl`,
    new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()),
  );
  const problems: Problem[] = [];
  const events = await Array.fromAsync(logIn(folder.path).read({ onProblem: (problem) => problems.push(problem) }));
  assertEquals(events.map((event) => event.event), ["e/0", "e/1", "long", "e/2"]);
  assertEquals(problems.map((problem) => problem.line), [2, 3, 4, 6]);
  assertEquals([events[3].line, (events[2].data.text as string).length], [8, 50_000_000]);
});

Deno.test("LogReader.follow: every event once, in order, while they are written in pieces", async () => {
  await using folder = await scratch();
  await Deno.mkdir(`${folder.path}/run`);
  const controller = new AbortController();
  const seen: ReadEvent[] = [];
  const following = (async () => {
    for await (const event of logIn(folder.path).follow({ signal: controller.signal, pollMs: 2 })) {
      seen.push(event);
      if (seen.length === 200) controller.abort();
    }
  })();
  const bytes = new TextEncoder().encode(lines(200));
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + Math.floor(seeded.next() * 300);
    await Deno.writeFile(`${folder.path}/run/log.jsonl`, bytes.subarray(at, next), { append: true });
    at = next;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await following;
  assertEquals(seen.map((event) => event.data.v), Array.from({ length: 200 }, (_, at) => at));
});

Deno.test("Repository: lists, finds by prefix, suggests; damage in one never hides the others", async () => {
  await using folder = await scratch();
  const repo = await openRepository(`${folder.path}/r`);
  const one = await repo.experiment({
    kind: "k",
    name: "deep/er",
    id: "abc0000000001",
    params: { lr: 1 },
    extra: { team: "x" },
  });
  await repo.experiment({ kind: "k", id: "abc0000000002" });
  const run = await one.run({ env: false, git: false });
  await run.finish();
  const reader = await openReader(`${folder.path}/r`);
  const ids = async () => (await Array.fromAsync(reader.experiments())).map((item) => item.id).sort();
  assertEquals(await ids(), ["abc0000000001", "abc0000000002"]);
  const found = await reader.findExperiment("abc0000000001");
  assertEquals([found.name, found.params, found.extra], ["deep/er", { lr: 1 }, { team: "x" }]);
  assertEquals((await reader.findRun("abc0000000001")).id, run.id);
  assertEquals((await reader.findRun(run.id.slice(0, 10))).id, run.id);
  assertEquals((await reader.findRun(`abc0000000001/${run.id.slice(0, 5)}`)).id, run.id);
  const ambiguous = await assertRejects(() => reader.findExperiment("abc"), AmbiguousError);
  assertEquals(ambiguous.candidates.length, 2);
  await assertRejects(() => reader.findExperiment("abd0000000001"), NotFoundError, "did you mean");
  await Deno.writeTextFile(`${folder.path}/r/abc0000000002/meta.json`, '{"id": 3}');
  assertEquals(await ids(), ["abc0000000001"]);
  assertEquals(reader.problems.map((problem) => problem.path), ["abc0000000002/meta.json"]);
});

Deno.test("openReader: none, an unknown version, a damaged marker; initRepository: twice is once", async () => {
  await using folder = await scratch();
  await assertRejects(() => openReader(`${folder.path}/none`), NotFoundError, "dbx init");
  const made = await initRepository(`${folder.path}/r`);
  const again = await initRepository(`${folder.path}/r`);
  assertEquals([made.created, again.created, again.repository.id], [true, false, made.repository.id]);
  const race = await Promise.all(Array.from({ length: 5 }, () => initRepository(`${folder.path}/race`)));
  assertEquals(new Set(race.map((one) => one.repository.id)).size, 1);
  await Deno.writeTextFile(
    `${folder.path}/r/dbx.json`,
    '{"dbx":2,"id":"aaaaaaaaaaaaa","createdAt":"2026-01-01T00:00:00Z"}',
  );
  await assertRejects(() => openReader(`${folder.path}/r`), VersionError);
  await Deno.writeTextFile(`${folder.path}/r/dbx.json`, '{"dbx":');
  await Deno.remove(`${folder.path}/r/.dbx`, { recursive: true });
  await assertRejects(() => openReader(`${folder.path}/r`), DamageError, "--repair-marker");
});

Deno.test("locateRepository: the option, the variable, the nearest one upward, ./output", async () => {
  await using folder = await scratch();
  await initRepository(`${folder.path}/r`);
  await Deno.mkdir(`${folder.path}/r/a/b`, { recursive: true });
  const cwd = `${folder.path}/r/a/b`;
  assertEquals(locateRepository({ repo: "../x/", env: { DBX_REPO: "/y" }, cwd }), `${folder.path}/r/a/x`);
  assertEquals(locateRepository({ env: { DBX_REPO: "/y" }, cwd }), "/y");
  assertEquals(locateRepository({ env: {}, cwd }), `${folder.path}/r`);
  assertEquals(locateRepository({ env: { DBX_REPO: "" }, cwd: folder.path }), `${folder.path}/output`);
});

Deno.test("status: running, then lost when the heartbeat ceased, then what the end says", async () => {
  await using folder = await scratch();
  const repo = await openRepository(`${folder.path}/r`);
  const logger = await (await repo.experiment({ kind: "k" })).run({ env: false, git: false, durability: "event" });
  logger.log("e", { x: 1 });
  const run = await (await openReader(`${folder.path}/r`)).findRun(logger.id);
  assertEquals((await run.status(Date.now())).status, "running");
  assertEquals((await run.status(Date.now() + 121_000)).status, "lost");
  await logger.finish("failed", { exitCode: 9 });
  const status = await run.status(Date.now() + 1e9);
  assertEquals([status.status, status.exitCode], ["failed", 9]);
});

Deno.test("checkRepository: names each problem with its file and line", async () => {
  await using folder = await scratch();
  const root = `${folder.path}/r`;
  const repo = await openRepository(root);
  const experiment = await repo.experiment({ kind: "k" });
  const logger = await experiment.run({ env: false, git: false });
  const file = await logger.file("x", new TextEncoder().encode("contents"));
  logger.log("e", { x: 1 });
  await logger.finish();
  const check = async (readData = true) => await Array.fromAsync(checkRepository(await openReader(root), { readData }));
  assertEquals(await check(), []);

  const sha256 = String(file.sha256);
  const object = `${root}/objects/${sha256.slice(0, 2)}/${sha256}`;
  await Deno.writeTextFile(object, "Contents");
  await Deno.writeTextFile(
    `${logger.dir}/log.jsonl`,
    '{"ts":1,"event":"swapped"}\n{"event":"x","ts":2}\n{bad\n{"event":"to',
    { append: true },
  );
  await Deno.writeTextFile(`${logger.dir}/.tmp-abc`, "");
  const other = await repo.experiment({ kind: "k" });
  await Deno.rename(`${root}/${other.id}`, `${root}/zzzzzzzzzzzzz`);
  const problems = await check();
  const kinds = problems.map((problem) => `${problem.severity} ${problem.kind}${problem.line ?? ""}`).sort();
  assertEquals(kinds, [
    "damage bad-line5",
    "damage wrong-hash",
    "damage wrong-id",
    "note irregular-line3",
    "note temporary",
    "note torn-tail",
  ]);
  assertEquals((await check(false)).some((problem) => problem.kind === "wrong-hash"), false);
  await Deno.remove(object);
  assert((await check()).some((problem) => problem.kind === "missing-object"));
});

Deno.test("v0: read as it is, every experiment with one run", async () => {
  const reader = await openReader(decodeURIComponent(new URL("../fixtures/v0", import.meta.url).pathname));
  assertEquals(reader.version, 0);
  const experiments = await Array.fromAsync(reader.experiments());
  assertEquals(experiments.length, 3);
  for (const experiment of experiments) {
    const runs = await experiment.runs();
    assertEquals([runs.length, runs[0].id], [1, experiment.id]);
    assert((await Array.fromAsync(runs[0].log().read())).length > 0);
  }
  assertEquals(reader.problems, []);
  const run = await reader.findRun("Ab3_");
  assertEquals(await run.logs(), ["eval", "log"]);
  assertMatch(run.experiment.name, /^mnist/);
  assertStringIncludes(run.folder, "mnist/cnn");
});
