import { LogWriter } from "../../../lib/logger/log/log_writer.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const linesOf = async (path: string): Promise<{ event: string; ts: number; v: number }[]> =>
  (await Deno.readTextFile(path)).split("\n").slice(0, -1).map((line) => JSON.parse(line));

Deno.test("LogWriter: os hands over 32 events in 50 ms at once, and the rest of a burst together", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/os`;
  // A clock that stands still: a loop that computes, in which no timer fires.
  let now = Date.now();
  const os = LogWriter.open(path, { now: () => now });
  for (let i = 0; i < 40; i++) os.write("a", { v: i });
  assertEquals((await linesOf(path)).length, 32);
  os.write("b", { text: "x".repeat(70_000) });
  assertEquals((await linesOf(path)).length, 41);
  os.write("c", { v: 0 });
  now += 50;
  // The first event after the pause takes along what waited.
  os.write("c", { v: 1 });
  assertEquals((await linesOf(path)).length, 43);
  for (let i = 0; i < 40; i++) os.write("d", { v: i });
  assert((await linesOf(path)).length < 83);
  os.flush();
  assertEquals((await linesOf(path)).length, 83);
  os.write("e", {});
  // Where the event loop runs, a timer hands over.
  for (let tries = 0; tries < 400 && (await linesOf(path)).length < 84; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals((await linesOf(path)).length, 84);
  // A clock that is set back holds nothing up.
  now -= 3_600_000;
  os.write("f", {});
  assertEquals((await linesOf(path)).length, 85);
  const event = LogWriter.open(`${folder.path}/event`, { durability: "event", now: () => now });
  for (let i = 0; i < 50; i++) {
    event.write("e", { v: i });
    assertEquals((await linesOf(`${folder.path}/event`)).length, i + 1);
  }
  for (const writer of [os, event]) assertEquals((await writer.close()).lost, 0);
});

Deno.test("LogWriter: never throws; counts what is no data and what comes after the end, and warns once", async () => {
  await using folder = await scratch();
  const warnings: string[] = [];
  const writer = LogWriter.open(`${folder.path}/l`, { onWarning: (message) => warnings.push(message) });
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  writer.write("a", { f: () => 1 });
  writer.write("b", cycle);
  writer.write("", {});
  writer.write("c", { v: 1 });
  const report = await writer.close();
  writer.write("d", {});
  assertEquals([report.events, report.lost, writer.lost, warnings.length], [1, 3, 4, 1]);
  assertStringIncludes(report.reasons.join("\n"), "f");
  assertEquals((await linesOf(`${folder.path}/l`)).length, 1);
});

Deno.test("LogWriter: a full disk is warned of once, memory stays bounded, what was dropped is counted", async () => {
  const warnings: string[] = [];
  const writer = LogWriter.open("/dev/full", { durability: "event", onWarning: (message) => warnings.push(message) });
  const text = "x".repeat(1000);
  for (let i = 0; i < 5000; i++) writer.write("e", { text });
  const report = await writer.close();
  assertEquals([report.events, report.lost, warnings.length], [0, 5000, 1]);
  assertStringIncludes(warnings[0], "No space left");
});

Deno.test("LogWriter: what could not be written is written when the place is back, which is said", async () => {
  await using folder = await scratch();
  const warnings: string[] = [];
  const onWarning = (message: string) => warnings.push(message);
  let now = 1000;
  const path = `${folder.path}/gone/l`;
  const writer = LogWriter.open(path, { durability: "event", onWarning, now: () => now });
  for (let i = 0; i < 10; i++) writer.write("e", { v: i });
  assert(writer.failed !== undefined);
  await Deno.mkdir(`${folder.path}/gone`);
  now += 2000;
  writer.write("e", { v: 10 });
  assertEquals(writer.failed, undefined);
  assertEquals((await linesOf(path)).map((line) => line.v), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals(warnings.length, 2);
  assertStringIncludes(warnings[0], "Cannot write");
  assertEquals(warnings[1], `"${path}" can be written again; nothing was lost`);
  assertEquals((await writer.close()).lost, 0);
});
