import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { SnapshotTables } from "../../../lib/query/tables/snapshot_tables.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";
import { anyLine } from "../../index/random_events.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";
import { lineOf, smallRepository, sourceAt } from "./small_repository.ts";

const COLUMNS = [
  ...["log", "line", "event", "ts", "c0", "data.x", "data.y", "data.a", "data.a.b", "data.list.0"],
  ...["data.step", "data.empty", "data.long.300", "data", "data.file.sha256"],
];

function condition(random: Random, width: number, rows: readonly Value[][]): Scalar {
  const index = random.below(width);
  const known = random.pick(rows)[index];
  const left: Scalar = { kind: "input", index };
  const pick = random.next();
  if (pick < 0.2) return { kind: "in", operand: left, set: { kind: "values", values: [known, 3n, "train", null] } };
  if (pick < 0.4) {
    const items = [condition(random, width, rows), condition(random, width, rows)];
    return { kind: random.next() < 0.5 ? "or" : "and", items };
  }
  const op = random.pick(["=", "<>", "<", ">=", "is", "is not"] as const);
  return { kind: "compare", op, left, right: { kind: "constant", value: random.pick([known, 0.5, 10n, "a"]) } };
}

Deno.test("events: what the index says of their data is what their lines say [slow]", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  for (let round = 0; round < 3; round++) {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    const lines = (count: number) => Array.from({ length: count }, () => anyLine(random));
    // One log with groups that fill batches of their own.
    const long = Array.from({ length: round === 0 ? 9000 : 40 }, (_, at) => {
      const data = { x: at % 7 === 0 ? "text" : at / 3, y: `id-${at % 300}`, a: { b: at } };
      return lineOf(random.next() < 0.9 ? "long" : "other", at, data);
    });
    await smallRepository(path, [
      {
        runs: [{ logs: { log: lines(150), other: lines(20), long } }, { logs: { log: lines(50), stdout: lines(20) } }],
      },
      ...Array.from({ length: 8 }, () => ({ runs: [{ logs: { log: lines(random.below(5)), b: lines(3) } }] })),
    ]);
    const source = await sourceAt(path);
    const tables = await tablesOf([source]);
    // The same without an index: every line is read.
    const needs = { status: true, runs: true, runStatus: true, logs: true, columns: false, times: true };
    const read = new SnapshotTables(await takeSnapshot([source], needs, { now: 2e12 }));
    const all = await rowsOf(read, scanOf("events", COLUMNS));
    assertEquals(await rowsOf(tables, scanOf("events", COLUMNS)), all, `seed ${seed}, round ${round}`);
    for (let turn = 0; turn < 25; turn++) {
      const names = COLUMNS.filter(() => random.next() < 0.4);
      if (names.length === 0) continue;
      const rows = all.map((row) => names.map((name) => row[COLUMNS.indexOf(name)]));
      const where = Array.from({ length: random.below(3) }, () => condition(random, names.length, rows));
      const plan = scanOf("events", names, where);
      const told = `seed ${seed}, round ${round}, turn ${turn}: ${names} ${
        JSON.stringify(where, (_, it) => typeof it === "bigint" ? `${it}n` : it)
      }`;
      assertEquals(await rowsOf(tables, plan), await rowsOf(read, plan), told);
    }
  }
});

Deno.test("events: filters, groups and projections of what the index knows read no line", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const lines = Array.from({ length: 5000 }, (_, at) =>
    lineOf(at % 3 === 0 ? "val" : `train/${at}`, at, {
      loss: at / 7,
      phase: at % 3 === 0 ? "val" : "train",
      ok: at % 2 === 0,
      deep: { list: [at, null] },
      prose: "what a model said, at some length: " + `${at} `.repeat(50),
    }));
  await smallRepository(path, [{ runs: [{ logs: { log: lines } }] }]);
  const tables = await tablesOf([await sourceAt(path)]);
  const where: Scalar[] = [{
    kind: "compare",
    op: ">",
    left: { kind: "input", index: 0 },
    right: { kind: "constant", value: 700 },
  }];
  const names = ["data.loss", "data.phase", "data.ok", "data.deep.list.0", "data.deep.list.1", "event", "ts", "line"];
  const report = { rows: 0, bytes: 0 };
  const rows = await rowsOf(tables, scanOf("events", names, where), { report });
  assertEquals(rows.length, 99);
  const expected = (at: number): Value[] => [
    ...[
      at % 7 === 0 ? BigInt(at / 7) : at / 7,
      at % 3 === 0 ? "val" : "train",
      at % 2 === 0 ? 1n : 0n,
      BigInt(at),
      null,
    ],
    ...[at % 3 === 0 ? "val" : `train/${at}`],
  ];
  assertEquals(rows.map((row) => row.slice(0, 6)), Array.from({ length: 99 }, (_, i) => expected(4901 + i)));
  assertEquals([report.rows, report.bytes], [5000, 0]);
  // Of what it does not know, only the lines that are left.
  report.bytes = 0;
  await rowsOf(tables, scanOf("events", [...names, "data.prose"], where), { report });
  assert(report.bytes > 20_000 && report.bytes < 100 * 500, `${report.bytes} bytes`);
});
