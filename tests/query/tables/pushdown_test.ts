import { compileCondition } from "../../../lib/query/columns/scalar/compile.ts";
import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { openReader } from "../../../lib/repo/open.ts";
import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import type { SnapshotTables } from "../../../lib/query/tables/snapshot_tables.ts";
import { compareValues } from "../../../lib/query/values/compare.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";
import { randomRepository } from "../random_repository.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";

/** What is asked of each table. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  experiments: [
    "exp",
    "kind",
    "created_at",
    "runs",
    "params.lr",
    "params.model",
    "hostname",
    "duration_ms",
    "max:val:loss",
  ],
  runs: ["repo", "exp", "run", "created_at", "hostname", "experiments.params.lr", "experiments.kind"],
  logs: ["exp", "run", "log", "bytes", "runs.hostname", "experiments.params.seed"],
  metrics: ["exp", "log", "series", "key", "count", "min", "last", "mean", "min_step", "experiments.params.lr"],
  series: ["run", "event", "count", "numbers", "min", "experiments.kind"],
  points: [
    "exp",
    "log",
    "series",
    "key",
    "idx",
    "step",
    "ts",
    "value",
    "c0",
    "c1",
    "experiments.params.lr",
    "runs.hostname",
  ],
  events: ["exp", "log", "line", "event", "ts", "data.loss", "data", "c0", "c1", "experiments.kind"],
};

const OPERATORS = ["=", "<>", "<", "<=", ">", ">=", "is", "is not"] as const;

/** A condition over columns of which some rows are known. */
function condition(random: Random, width: number, rows: readonly Value[][], depth = 0): Scalar {
  const pick = random.next();
  const column = random.below(width);
  const operand: Scalar = { kind: "input", index: column };
  const value = (): Value => {
    const known = rows.length === 0 ? 1n : random.pick(rows)[column];
    if (random.next() < 0.1) return random.pick<Value>([null, 3n, 0.5, "val", "train/step/3"]);
    return typeof known === "number" && random.next() < 0.3 ? known + random.next() - 0.5 : known;
  };
  if (depth < 2 && pick < 0.1) return { kind: "not", operand: condition(random, width, rows, depth + 1) };
  if (depth < 2 && pick < 0.25) {
    const items = [condition(random, width, rows, depth + 1), condition(random, width, rows, depth + 1)];
    return { kind: random.next() < 0.5 ? "or" : "and", items };
  }
  if (pick < 0.4) {
    const values = Array.from({ length: random.below(4) }, value);
    return { kind: "in", operand, set: { kind: "values", values } };
  }
  if (pick < 0.5) {
    const known = String(value());
    const start = known.slice(0, random.below(known.length + 1));
    const op = random.pick(["LIKE", "GLOB"] as const);
    const pattern: Scalar = { kind: "constant", value: start + (op === "LIKE" ? "%" : "*") };
    return { kind: "like", op, text: operand, pattern, escape: undefined };
  }
  const constant: Scalar = { kind: "constant", value: value() };
  const op = random.pick(OPERATORS);
  return random.next() < 0.2
    ? { kind: "compare", op, left: constant, right: operand }
    : { kind: "compare", op, left: operand, right: constant };
}

const NO_PLANS = { value: () => null, exists: () => false, members: () => [] };

/** The rows that meet conditions, found one by one. */
function filtered(rows: readonly Value[][], conditions: readonly Scalar[]): Value[][] {
  const tests = conditions.map((condition) => compileCondition(condition, NO_PLANS));
  return rows.filter((row) => {
    const columns = row.map((value) => ({ kind: "constant", value }) as const);
    return tests.every((test) => test({ count: 1, columns })?.length !== 0);
  });
}

async function check(tables: SnapshotTables, random: Random, count: number, told: string): Promise<void> {
  const all = new Map<string, Value[][]>();
  for (let q = 0; q < count; q++) {
    const table = random.pick(Object.keys(COLUMNS));
    const names = COLUMNS[table];
    const rows = all.get(table) ?? await rowsOf(tables, scanOf(table, names));
    all.set(table, rows);
    const where = Array.from({ length: random.below(4) }, () => condition(random, names.length, rows));
    const where_ = JSON.stringify(where, (_, value) => typeof value === "bigint" ? `${value}n` : value);
    const message = `${told}: ${table} ${where_}`;
    const expected = filtered(rows, where);
    assertEquals(await rowsOf(tables, scanOf(table, names, where)), expected, message);
    const column = random.below(names.length);
    const [descending, nullsFirst] = [random.next() < 0.5, random.next() < 0.5];
    const top = { column, descending, nullsFirst, count: random.below(5) + 1 };
    const order = (a: Value[], b: Value[]) => {
      const [x, y] = [a[column], b[column]];
      if (x === null || y === null) return (x === null ? 0 : 1) - (y === null ? 0 : 1) || 0;
      return descending ? compareValues(y, x) : compareValues(x, y);
    };
    const sorted = (rows: readonly Value[][]) =>
      rows.toSorted((a, b) =>
        (a[column] === null) === (b[column] === null) ? order(a, b) : order(a, b) * (nullsFirst ? 1 : -1)
      );
    const found = await rowsOf(tables, scanOf(table, names, where, top));
    assertEquals(
      sorted(found).slice(0, top.count),
      sorted(expected).slice(0, top.count),
      `${message} ${JSON.stringify(top)}`,
    );
  }
}

Deno.test("SnapshotTables: conditions and limits give the rows that a look at all rows finds", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  for (let round = 0; round < 10; round++) {
    await using folder = await scratch();
    const { grow } = await randomRepository(random, `${folder.path}/r`);
    const source = sourceOf(await openReader(`${folder.path}/r`), { name: "r" });
    if (round % 2 === 0) {
      await tablesOf([source]);
      await grow();
    }
    await check(await tablesOf([source]), random, 60, `seed ${seed}, round ${round}`);
  }
});

Deno.test("SnapshotTables: conditions and limits over long series", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  await using folder = await scratch();
  const logs: string[] = [];
  for (let turn = 0; logs.length < 3; turn++) {
    await Deno.remove(`${folder.path}/r`, { recursive: true }).catch(() => {});
    await randomRepository(new Random(turn), `${folder.path}/r`);
    logs.length = 0;
    for await (const path of logFiles(`${folder.path}/r`)) logs.push(path);
  }
  for (const [number, path] of logs.entries()) {
    let text = "";
    for (let i = 0; i < 3000; i++) {
      const name = i % 3 === 0 ? `train/epoch/${number}/step/${i}` : "val";
      const data = {
        loss: random.next(),
        ...random.next() < 0.5 ? { extra: i % 7 } : {},
        ...i % 3 > 0 ? { step: i } : {},
      };
      text += encodeEvent(name, 1.7e12 + i * 10, data);
    }
    await Deno.writeTextFile(path, text, { append: true });
  }
  const source = sourceOf(await openReader(`${folder.path}/r`), { name: "r" });
  await check(await tablesOf([source]), random, 25, `seed ${seed}`);
});

async function* logFiles(folder: string): AsyncGenerator<string> {
  for (const entry of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* logFiles(path);
    else if (entry.name === "log.jsonl") yield path;
  }
}
