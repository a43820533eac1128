import { assert, assertEquals, assertRejects } from "@std/assert";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { planLines } from "../../../lib/query/plan/plan_text.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { PAGE } from "../../../lib/query/sqlite/image/page_list.ts";
import { LoadedTables } from "../../../lib/query/sqlite/load/loaded_tables.ts";
import { useDatabase } from "../../../lib/query/sqlite/engine/open_database.ts";
import { loadSqlite } from "../../../lib/query/sqlite/engine/wasm_database.ts";
import { runBySqlite, type SqliteOptions } from "../../../lib/query/sqlite/run.ts";
import { PlainReader } from "./plain_reader.ts";

const POINTS = Array.from({ length: 50 }, (_, at) => ({
  ...{
    exp: `e${at % 5}`,
    run: "r",
    key: at % 2 === 0 ? "loss" : "acc",
    idx: BigInt(at),
    step: at / 2,
    value: at * 0.1,
  },
}));
const TABLES = {
  points: POINTS,
  experiments: [{ exp: "e1", kind: "train" }, { exp: "e2", kind: "eval" }],
  notes: [{ exp: "e1", text: "a\0b" }],
};

async function run(sql: string, reader: PlainReader, options: SqliteOptions = {}): Promise<Value[][]> {
  using found = await runBySqlite(bindQuery(parseQuery(sql), sql), { e: "e1" }, reader, options);
  const rows: Value[][] = [];
  for await (const chunk of found.rows()) rows.push(...chunk as Value[][]);
  return rows;
}

/** What is read for a query. */
async function scansOf(sql: string): Promise<string[]> {
  const reader = new PlainReader(TABLES);
  await run(sql, reader);
  return reader.scans.flatMap((scan) => planLines(scan));
}

Deno.test("runBySqlite: reads the columns and rows that the query can need", async () => {
  assertEquals(await scansOf("SELECT step FROM points WHERE exp = :e AND step >= '2' AND abs(value) > 0"), [
    "scan points (exp, step, value) where (#0 = 'e1') and (#1 >= 2)",
  ]);
  assertEquals(
    await scansOf("SELECT a.step, b.value FROM points a JOIN points b USING (exp) WHERE exp = 'e1' AND a.key = 'x'"),
    [
      "scan points (exp, key, step) where (#0 = 'e1') and (#1 = 'x')",
      "scan points (exp, value) where (#0 = 'e1')",
    ],
  );
  const left =
    "SELECT count(*) FROM experiments e LEFT JOIN points p ON p.exp = e.exp AND p.key = 'loss' AND e.kind = 'x' WHERE ";
  assertEquals(await scansOf(left + "p.value IS NULL"), [
    "scan experiments (exp, kind)",
    "scan points (exp, key, value) where (#1 = 'loss')",
  ]);
  assertEquals(await scansOf(left + "p.value > 1 AND e.kind = 'y'"), [
    "scan experiments (exp, kind) where (#1 = 'y')",
    "scan points (exp, key, value) where (#2 > 1) and (#1 = 'loss') and #0 in 1 values",
  ]);
  assertEquals(await scansOf("SELECT count(*) FROM points"), ["scan points ()"]);
  assertEquals(await scansOf("SELECT a.step, b.exp FROM points a, points b WHERE a.step = b.step"), [
    "scan points (exp, step)",
  ]);
});

Deno.test("runBySqlite: reads what belongs to the experiments that a join has left", async () => {
  const where = "JOIN experiments e USING (exp) WHERE e.kind = 'train'";
  assertEquals(await scansOf(`SELECT sum(value), e.kind FROM points ${where}`), [
    "scan experiments (exp, kind) where (#1 = 'train')",
    "scan points (exp, value) where #0 in 1 values",
  ]);
  assertEquals(await scansOf(`SELECT count(*) FROM points LEFT ${where}`), [
    "scan points (exp)",
    "scan experiments (exp, kind) where (#1 = 'train')",
  ]);
  const left = "SELECT count(p.idx) FROM experiments e LEFT JOIN points p ON p.exp = e.exp WHERE e.kind ";
  assertEquals(await scansOf(`${left} = 'none'`), [
    "scan experiments (exp, kind) where (#1 = 'none')",
    "scan points (exp, idx) where #0 in 1 values",
  ]);
  assertEquals(await scansOf(`${left} IS NULL`), [
    "scan experiments (exp, kind) where (#1 is NULL)",
    "scan points (exp, idx) where #0 in 1 values",
  ]);
});

Deno.test("LoadedTables: a second query over the same rows reads nothing", async () => {
  const cache = new LoadedTables();
  const reader = new PlainReader(TABLES, "as it was");
  const sql = "SELECT exp, sum(value) FROM points WHERE key = 'loss' GROUP BY exp ORDER BY exp";
  const first = await run(sql, reader, { cache });
  assertEquals(reader.scans.length, 1);
  assertEquals(await run(sql, reader, { cache }), first);
  assertEquals(await run("SELECT max(value), exp FROM points WHERE key = 'loss'", reader, { cache }), [[
    48 * 0.1,
    "e3",
  ]]);
  assertEquals(reader.scans.length, 1);
  await run("SELECT max(value), exp FROM points WHERE key = 'acc'", reader, { cache });
  await run(sql, new PlainReader({ points: [] }, "other"), { cache });
  assertEquals(reader.scans.length, 2);
  assertEquals(await run(sql, new PlainReader({ points: [] }, "other"), { cache }), []);
  const nameless = new PlainReader(TABLES);
  await run(sql, nameless, { cache });
  await run(sql, nameless, { cache });
  assertEquals(nameless.scans.length, 2);
});

Deno.test("LoadedTables: what was not used for longest gives way", async () => {
  const reader = new PlainReader(TABLES, "x");
  const cache = new LoadedTables(2 * PAGE);
  for (const table of ["points", "experiments", "points", "notes", "points", "experiments"]) {
    await run(`SELECT exp FROM ${table}`, reader, { cache });
  }
  assertEquals(reader.scans.map(({ table }) => table), ["points", "experiments", "notes", "experiments"]);
});

Deno.test("runBySqlite: an error among the rows is thrown, with its message, before any row", async () => {
  const reader = new PlainReader(TABLES);
  const sql = "SELECT CASE WHEN idx = 40 THEN abs(-9223372036854775807 - 1) ELSE idx END FROM points";
  const error = await assertRejects(() => run(sql, reader), QueryError);
  assertEquals(error.message, "Cannot run the query: integer overflow");
  await assertRejects(() => run("SELECT percentile(value, 101) FROM points", reader), QueryError, "fraction argument");
});

Deno.test("runBySqlite: texts with U+0000 are whole", async () => {
  const reader = new PlainReader(TABLES);
  assertEquals(await run("SELECT text, 'x', text || exp, 1 FROM notes", reader), [["a\0b", "x", "a\0be1", 1n]]);
  assertEquals(await run("SELECT char(97, 0, 98), exp FROM notes", reader), [["a\0b", "e1"]]);
});

Deno.test("runBySqlite: ends when its signal says so", async () => {
  const controller = new AbortController();
  const sql = "SELECT a.idx FROM points a, points b, points c, points d";
  const bound = bindQuery(parseQuery(sql), sql);
  using found = await runBySqlite(bound, {}, new PlainReader(TABLES), { signal: controller.signal });
  let rows = 0;
  await assertRejects(async () => {
    for await (const chunk of found.rows()) {
      rows += chunk.length;
      if (rows > 5000) controller.abort();
    }
  }, DOMException);
  assert(rows < 10_000);
});

Deno.test("runBySqlite: SQLite in WebAssembly ends in the middle of a computation", async () => {
  let from = Infinity;
  useDatabase(await loadSqlite({ memory: 256 * 1024 * 1024, length: 1e8 }, () => performance.now() - from < 200));
  try {
    from = performance.now();
    const endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*), max(exp) FROM n, notes";
    await assertRejects(() => run(endless, new PlainReader(TABLES)), QueryError, "interrupted");
    assert(performance.now() - from < 5000);
  } finally {
    useDatabase(undefined);
  }
});
