import { LogWriter } from "../../lib/logger/log_writer.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const linesOf = async (path: string): Promise<{ event: string; ts: number; v: number }[]> =>
  (await Deno.readTextFile(path)).split("\n").slice(0, -1).map((line) => JSON.parse(line));

Deno.test("LogWriter: os hands over within 50 ms, or at once when 64 KiB wait; event before write returns", async () => {
  await using folder = await scratch();
  const os = LogWriter.open(`${folder.path}/os`);
  os.write("a", { v: 1 });
  assertEquals((await Deno.stat(`${folder.path}/os`)).size, 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assertEquals((await linesOf(`${folder.path}/os`)).length, 1);
  os.write("b", { text: "x".repeat(70_000) });
  assertEquals((await linesOf(`${folder.path}/os`)).length, 2);
  // A loop without pauses, in which no timer fires.
  let now = Date.now();
  const busy = LogWriter.open(`${folder.path}/busy`, { now: () => now });
  for (let i = 0; i < 10; i++, now += 10) busy.write("e", { v: i });
  assert((await linesOf(`${folder.path}/busy`)).length >= 5);
  const event = LogWriter.open(`${folder.path}/event`, { durability: "event" });
  for (let i = 0; i < 5; i++) {
    event.write("e", { v: i });
    assertEquals((await linesOf(`${folder.path}/event`)).length, i + 1);
  }
  for (const writer of [os, busy, event]) assertEquals((await writer.close()).lost, 0);
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

Deno.test("LogWriter: what could not be written is written when the place is back", async () => {
  await using folder = await scratch();
  let now = 1000;
  const path = `${folder.path}/gone/l`;
  const writer = LogWriter.open(path, { durability: "event", onWarning: () => {}, now: () => now });
  for (let i = 0; i < 10; i++) writer.write("e", { v: i });
  assert(writer.failed !== undefined);
  await Deno.mkdir(`${folder.path}/gone`);
  now += 2000;
  writer.write("e", { v: 10 });
  assertEquals(writer.failed, undefined);
  assertEquals((await linesOf(path)).map((line) => line.v), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals((await writer.close()).lost, 0);
});
