import { openSource } from "../../lib/query/snapshot/source.ts";
import { ArrivalTimes } from "../../lib/index/arrivals.ts";
import { ArrivalWatcher } from "../../lib/commands/record/arrivals.ts";
import { curvesOf } from "../../lib/query/curves/curves.ts";
import { takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import { query } from "../../lib/query/query.ts";
import { QuerySession } from "../../lib/query/session/session.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test("ArrivalTimes: a line has the time of the first arrival that covers it; times never go back", {
  permissions: "none",
}, () => {
  const times = new ArrivalTimes();
  times.add(100, 1000, 2000);
  times.add(100, 2000, 2500); // Nothing new.
  times.add(200, 5000, 6000);
  times.add(150, 6000, 7000); // The log was shorter for a moment.
  times.add(300, 3000, 4000); // The clock was set back.
  times.add(400, 9000, 8000);
  times.add(NaN, 9000, 9000);
  const at = [0, 50, 99, 100, 150, 200, 299, 300, 350, 400].map((offset) => times.at(offset));
  assertEquals(at, [1000, 1500, 1990, 5000, 5500, 6000, 6000, 8000, 8000, undefined]);
  assertEquals(new ArrivalTimes().at(0), undefined);
});

/** A repository with a run in it. */
async function oneRun(path: string) {
  await initRepository(path);
  const [exp, run] = ["abcdefghijklm", "nopqrstuvwxyz"];
  const folder = `${path}/${exp}/runs/${run}`;
  await Deno.mkdir(folder, { recursive: true });
  const createdAt = "2026-01-01T00:00:00.000Z";
  await Deno.writeTextFile(`${path}/${exp}/meta.json`, JSON.stringify({ id: exp, kind: "k", params: {}, createdAt }));
  await Deno.writeTextFile(`${folder}/meta.json`, JSON.stringify({ id: run, createdAt }));
  const append = (name: string, events: readonly unknown[]) =>
    Deno.writeTextFile(`${folder}/${name}`, events.map((event) => JSON.stringify(event) + "\n").join(""), {
      append: true,
    });
  return { folder, append };
}

Deno.test("arrivals: a log that was indexed before them gets its times later, over both executors", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { folder: run, append } = await oneRun(path);
  const line = (step: number) => ({ event: "train", step, loss: step });
  await append("log.jsonl", [line(1), line(2)]);
  const size = (await Deno.stat(`${run}/log.jsonl`)).size;
  await append("log.jsonl", [{ event: "other", ts: 77, v: 1 }]);
  await append("dbx.log.jsonl", [{ event: "dbx/start", ts: 1, pid: 1, heartbeat: 30 }]);

  const source = await openSource(path, { folder: `${folder.path}/index`, name: "r" });
  source.index.worthWriting = { bytes: 0, logs: 0 };
  const ask = async (sql: string) => {
    const answers = [];
    for (const executor of ["auto", "sqlite"] as const) {
      using answer = await query([source], sql, { executor });
      answers.push(await Array.fromAsync(answer));
    }
    assertEquals(answers[0], answers[1], sql);
    return answers[0];
  };
  const points = "select series, step, ts from points where log = 'log' order by series, step";
  const events = "select event, ts from events where log = 'log' order by line";
  assertEquals(await ask(points), [["other:v", 0, 77], ["train:loss", 1, null], ["train:loss", 2, null]]);
  assertEquals(await ask(events), [["train", null], ["train", null], ["other", 77]]);

  await append("dbx.log.jsonl", [{ event: "dbx/arrival", ts: 3000, log: "log", size, since: 2000 }]);
  assertEquals(await ask(points), [["other:v", 0, 77], ["train:loss", 1, 2000], ["train:loss", 2, 2500]]);
  assertEquals(await ask(events), [["train", 2000], ["train", 2500], ["other", 77]]);
  // Further lines have no time until an arrival covers them.
  await append("log.jsonl", [line(4)]);
  assertEquals((await ask(points)).at(-1), ["train:loss", 4, null]);
  const whole = (await Deno.stat(`${run}/log.jsonl`)).size;
  await append("dbx.log.jsonl", [{ event: "dbx/arrival", ts: 9000, log: "log", size: whole }]);
  assertEquals((await ask(points)).at(-1), ["train:loss", 4, 9000]);
  assertEquals(await ask("select count(ts), min(ts), max(ts) from points where log = 'log'"), [[4, 77, 9000]]);
  assertEquals(await ask("select step from points where ts > 2400 and ts < 9000 order by ts"), [[2]]);
  assertEquals(await ask("select ts, count(*) from points group by ts order by ts limit 2"), [[77, 1], [2000, 1]]);

  const needs = { status: false, runs: true, runStatus: false, logs: true, columns: true, times: true };
  const snapshot = await takeSnapshot([source], needs, { now: 0 });
  const [curve] = await curvesOf(new QuerySession(snapshot), { series: "loss", x: "time" });
  assertEquals([...curve.x], [2000, 2500, 9000]);
  assertEquals(await source.index.verify(snapshot.logs.map(({ file }) => file)), { differ: [], behind: [] });
  // What only the log dbx says anew needs no other log.
  await append("dbx.log.jsonl", [{ event: "dbx/heartbeat", ts: 9500 }]);
  await takeSnapshot([source], needs, { now: 0 });
  assert(source.index.bytesRead < whole, `${source.index.bytesRead} bytes read`);
});

Deno.test("arrivals: a log in several parts, and malformed arrivals", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { folder: run, append } = await oneRun(path);
  const source = await openSource(path, { folder: `${folder.path}/index`, name: "r" });
  source.index.worthWriting = { bytes: 0, logs: 0 };
  await append("dbx.log.jsonl", [
    { event: "dbx/arrival", ts: 5, log: 3, size: 9 },
    { event: "dbx/arrival", ts: 5, log: "log" },
    { event: "dbx/arrival", log: "log", size: 9 },
    { event: "dbx/arrival", ts: 5, log: "log", size: -1 },
  ]);
  const expected: unknown[] = [];
  for (let part = 0; part < 12; part++) {
    await append("log.jsonl", [{ event: "e", part }]);
    const { size } = await Deno.stat(`${run}/log.jsonl`);
    await append("dbx.log.jsonl", [{ event: "dbx/arrival", ts: 1000 * part, log: "log", size }]);
    expected.push([part, 1000 * part]);
    using answer = await query([source], "select value, ts from points order by value");
    assertEquals(await Array.fromAsync(answer), expected);
  }
});

Deno.test("ArrivalWatcher: whole lines, of logs that others write, at most about once a second", async () => {
  await using folder = await scratch();
  const dir = folder.path;
  const told: unknown[] = [];
  let now = 10_000;
  using watcher = new ArrivalWatcher(dir, (event, data) => told.push([event, { ...data }]), {
    now: () => now,
    timer: false,
  });
  const append = (name: string, text: string) => Deno.writeTextFile(`${dir}/${name}`, text, { append: true });
  const next = () => {
    now += 1000;
    watcher.look();
    return told.splice(0);
  };
  assertEquals(next(), []);
  await append("log.jsonl", '{"event":"a"}\n{"event":"b"');
  await append("rank1.log.jsonl", '{"event":"a","ts":5}\n');
  await append("stdout.log.jsonl", '{"event":"stdout"}\n');
  await append("notes.txt", "x\n");
  assertEquals(next(), [["dbx/arrival", { log: "log", size: 14, since: 11_000 }]]);
  assertEquals(next(), []);
  await append("log.jsonl", "}\n");
  await append("rank1.log.jsonl", '{"event":"a","ts":6}\n');
  // Silence ends: the line came after the last look at which there was none.
  assertEquals(next(), [["dbx/arrival", { log: "log", size: 28, since: 12_000 }]]);
  assertEquals(next(), []);
  now += 60_000;
  watcher.look();
  await append("log.jsonl", '{"event":"c"}\n');
  assertEquals(next(), [["dbx/arrival", { log: "log", size: 42, since: 75_000 }]]);
  // In a long run a log that grows all the time is told of less often; the end tells of all.
  now += 10_000_000;
  watcher.look();
  let count = 0;
  for (let second = 0; second < 100; second++) {
    await append("log.jsonl", '{"event":"c"}\n');
    count += next().length;
  }
  assert(count >= 8 && count <= 12, `${count} arrivals in 100 seconds`);
  await append("log.jsonl", '{"event":"c"}\n');
  watcher.finish();
  assertEquals(told.length, 1);
  await Deno.remove(dir, { recursive: true });
  watcher.look();
  await Deno.mkdir(dir);
});
