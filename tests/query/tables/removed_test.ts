import type { Value } from "../../../lib/query/values/value.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";
import { idOf, lineOf, smallRepository, sourceAt } from "./small_repository.ts";

const events = (count: number) =>
  Array.from({ length: count }, (_, at) => lineOf(`train/${at}/x`, at, { loss: at / 4 }));

Deno.test("SnapshotTables: a log that is removed in mid-query is passed over", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await smallRepository(path, [{
    runs: [{ logs: { log: events(3) } }, { logs: { log: events(2), stdout: events(4) } }],
  }]);
  const tables = await tablesOf([await sourceAt(path)]);
  const log = `${path}/${idOf("e", 0)}/runs/${idOf("r", 0, 0)}/log.jsonl`;
  await Deno.remove(log);
  await Deno.remove(`${path}/${idOf("e", 0)}/runs/${idOf("r", 0, 1)}/stdout.log.jsonl`);
  assertEquals((await rowsOf(tables, scanOf("points", ["value"]))).length, 5);
  assertEquals(await rowsOf(tables, scanOf("events", ["run", "data"])), [
    [idOf("r", 0, 1), '{"loss":0}'],
    [idOf("r", 0, 1), '{"loss":0.25}'],
  ]);
  // What the index knows needs no log.
  assertEquals((await rowsOf(tables, scanOf("events", ["event"]))).length, 5);
  assertEquals(await rowsOf(tables, scanOf("points", ["c0"])), [[0n], [1n], [2n], [0n], [1n]]);
  assertEquals(await rowsOf(tables, scanOf("files", ["name"])), []);
});

Deno.test("SnapshotTables: a log that grows in mid-query is seen as it was", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await smallRepository(path, [{ runs: [{ logs: { log: events(3), stdout: events(2) } }] }]);
  const tables = await tablesOf([await sourceAt(path)]);
  for (const name of ["log.jsonl", "stdout.log.jsonl"]) {
    const file = `${path}/${idOf("e", 0)}/runs/${idOf("r", 0, 0)}/${name}`;
    await Deno.writeTextFile(file, lineOf("more", 1) + "\n", { append: true });
  }
  assertEquals(await rowsOf(tables, scanOf("events", ["log", "line", "event"])), [
    ...[0, 1, 2].map((at): Value[] => ["log", BigInt(at + 1), `train/${at}/x`]),
    ...[0, 1].map((at): Value[] => ["stdout", BigInt(at + 1), `train/${at}/x`]),
  ]);
});

Deno.test("SnapshotTables: a log of more series than the index takes is read whole", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const many = (turn: number) =>
    Object.fromEntries(
      Array.from({ length: 100 }, (_, key) => [`k${key}`, Array.from({ length: 210 }, (_, at) => at + turn)]),
    );
  const lines = [lineOf("wide/3", 5, many(0)), "no event", lineOf("wide/4", 6, many(1))];
  await smallRepository(path, [{ runs: [{ logs: { log: lines, other: events(2) } }] }]);
  const tables = await tablesOf([await sourceAt(path)]);
  assert(tables.snapshot.logs.some(({ parts }) => parts === undefined));
  const report = { rows: 0, bytes: 0 };
  const where = [{
    kind: "compare",
    op: "=",
    left: { kind: "input", index: 0 },
    right: { kind: "constant", value: "k7.9" },
  }] as const;
  const names = ["key", "idx", "step", "ts", "value", "c0"];
  assertEquals(await rowsOf(tables, scanOf("points", names, where), { report }), [
    ["k7.9", 0n, 3, 5n, 9, 3n],
    ["k7.9", 1n, 4, 6n, 10, 4n],
  ]);
  assert(report.bytes > 0);
  assertEquals(await rowsOf(tables, scanOf("metrics", ["key", "count", "min", "max", "min_step"], where)), [
    ["k7.9", 2n, 9, 10, 3],
  ]);
  let count = 0;
  for await (const batch of tables.scan(scanOf("points", []))) count += batch.count;
  assertEquals(count, 2 * 21_000 + 2);
  assertEquals(await rowsOf(tables, scanOf("events", ["log", "line", "event", "c0"])), [
    ["log", 1n, "wide/3", 3n],
    ["log", 3n, "wide/4", 4n],
    ["other", 1n, "train/0/x", 0n],
    ["other", 2n, "train/1/x", 1n],
  ]);
});

Deno.test("SnapshotTables: tells of lines that are no events, of logs that the index does not have", async () => {
  await using folder = await scratch();
  await smallRepository(`${folder.path}/r`, [{
    runs: [{ logs: { stdout: [lineOf("a", 1), "broken", lineOf("b", 2)] } }],
  }]);
  const tables = await tablesOf([await sourceAt(`${folder.path}/r`)]);
  const told: unknown[] = [];
  const onProblem = ({ line, kind }: { line?: number; kind: string }) => told.push([line, kind]);
  assertEquals(await rowsOf(tables, scanOf("events", ["line", "event"]), { onProblem }), [[1n, "a"], [3n, "b"]]);
  assertEquals(told, [[2, "bad-line"]]);
});

Deno.test("SnapshotTables: a scan ends when its signal says so", async () => {
  await using folder = await scratch();
  const lines = Array.from({ length: 20_000 }, (_, at) => lineOf("a", at, { x: at }));
  await smallRepository(`${folder.path}/r`, [{ runs: Array.from({ length: 4 }, () => ({ logs: { log: lines } })) }]);
  const tables = await tablesOf([await sourceAt(`${folder.path}/r`)]);
  for (const table of ["points", "events", "metrics", "experiments", "files"]) {
    const controller = new AbortController();
    controller.abort();
    await assertRejects(() => rowsOf(tables, scanOf(table, ["exp"]), { signal: controller.signal }), DOMException);
  }
  const controller = new AbortController();
  await assertRejects(async () => {
    for await (const batch of tables.scan(scanOf("points", ["value"]), { signal: controller.signal })) {
      assert(batch.count < 50_000);
      controller.abort();
    }
  }, DOMException);
});
