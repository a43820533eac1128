import { takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import type { SqlDatabase } from "../../lib/query/sqlite/database.ts";
import { openDatabase, useDatabase } from "../../lib/query/sqlite/engine/open_database.ts";
import { sourceOf } from "../../lib/query/snapshot/source.ts";
import { cellToJson } from "../../lib/protocol/cells.ts";
import { QuerySession } from "../../lib/query/session/session.ts";
import { openReader } from "../../lib/repo/open.ts";
import { loadSqlite } from "../../lib/query/sqlite/engine/wasm_database.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";
import { randomQuery } from "../query/random_query.ts";
import { randomRepository } from "../query/random_repository.ts";

const NEEDS = { status: true, runs: true, runStatus: true, logs: true, columns: true };
const LIMITS = { memory: 256 * 1024 * 1024, length: 16 * 1024 * 1024 };

/** The rows as text, or what is wrong. */
async function ask(view: QuerySession, sql: string, params: never): Promise<string[]> {
  try {
    using answer = await view.query(sql, { params, executor: "sqlite" });
    const rows = await Array.fromAsync(answer);
    return [answer.columns.join(), ...rows.map((row) => JSON.stringify(row.map(cellToJson)))];
  } catch (error) {
    return [(error as Error).message];
  }
}

Deno.test("SQLite in WebAssembly: the answers are those of the runtime's, for random queries and for every kind of value [slow]", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  const factory = await loadSqlite(LIMITS, () => true);
  const fixed = [
    "SELECT 9007199254740993, -0.0, 1e999, 'a\u0000b', x'00ff', NULL, 3.0, typeof(floor(2.5)), 'é' < 'z', hex('ü')",
    "SELECT median(value), stddev(value), variance_pop(value), sqrt(-1), pow(2, 10), ln(0) FROM points",
    "SELECT json_extract(params, '$'), params.lr, typeof(params.lr) FROM experiments ORDER BY exp",
    "SELECT exp, group_concat(key, '|') FROM (SELECT DISTINCT exp, key FROM points ORDER BY key) GROUP BY exp",
    "SELECT count(*) OVER (), row_number() OVER (ORDER BY exp) FROM experiments",
    "SELECT nosuch FROM points",
    "SELECT * FROM",
    "SELECT data FROM events ORDER BY exp, run, log, line",
  ];
  for (let r = 0; r < 8; r++) {
    await using folder = await scratch();
    await randomRepository(random, `${folder.path}/r`);
    const source = sourceOf(await openReader(`${folder.path}/r`), { name: "r" });
    const view = new QuerySession(await takeSnapshot([source], NEEDS, { now: 0 }));
    const queries = [
      ...fixed.map((sql) => ({ sql, params: {} })),
      ...Array.from({ length: 100 }, () => randomQuery(random)),
    ];
    for (const { sql, params } of queries) {
      const expected = await ask(view, sql, params as never);
      try {
        useDatabase(factory);
        assertEquals(await ask(view, sql, params as never), expected, `seed ${seed}: ${sql}`);
      } finally {
        useDatabase(undefined);
      }
    }
  }
});

Deno.test("SQLite in WebAssembly: the functions that look at lengths first are the runtime's", async () => {
  const factory = await loadSqlite(LIMITS, () => true);
  using ours = factory();
  using theirs = openDatabase();
  const values = ["NULL", "''", "'a'", "'äa😀a'", "'  a b '", "' '", "x''", "x'6100'", "5", "15", "-0.5", "1e300"];
  values.push("'{\"a\":1}'", '\'{"a":null,"b":{"c":2}}\'', "'6162zz'", "'z'", "9007199254740993", "'[1'");
  const run = (db: SqlDatabase, sql: string) => {
    try {
      return JSON.stringify(db.prepare(sql).all());
    } catch (error) {
      return (error as Error).message;
    }
  };
  const two = ["instr", "trim", "ltrim", "rtrim", "unhex", "json_patch", "jsonb_patch"];
  for (const a of values) {
    for (const b of values) {
      for (
        const call of [
          ...two.map((name) => `${name}(${a}, ${b})`),
          ...values.map((c) => `replace(${a}, ${b}, ${c})`),
        ]
      ) {
        const sql = `SELECT typeof(${call}) AS t, quote(${call}) AS v`;
        assertEquals(run(ours, sql), run(theirs, sql), sql);
      }
    }
  }
  const patched = "SELECT json_object('x', json_patch('{}', '{\"a\":[1]}')) AS v";
  assertEquals(run(ours, patched), run(theirs, patched));
  const nested =
    "SELECT replace(replace(trim('xabcx', 'x'), 'b', instr('abc', 'c')), 'a', '') AS v FROM (SELECT 1 UNION ALL SELECT 2)";
  assertEquals(run(ours, nested), run(theirs, nested));
  assert(/too long/.test(run(ours, "SELECT instr(zeroblob(1000000), zeroblob(1000000) || 'x')")));
});

Deno.test("SQLite in WebAssembly: a statement ends when it is told to, and memory has a limit", async () => {
  let until = Infinity;
  const factory = await loadSqlite({ ...LIMITS, memory: 32 * 1024 * 1024 }, () => performance.now() < until);
  using db = factory();
  const endless = db.prepare("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c");
  const from = performance.now();
  until = from + 200;
  let message = "";
  try {
    endless.all();
  } catch (error) {
    message = (error as Error).message;
  }
  assertEquals(message, "interrupted");
  assert(performance.now() - from < 5000);
  until = Infinity;
  try {
    db.prepare(
      "WITH RECURSIVE c(x) AS (SELECT randomblob(1000000) UNION SELECT randomblob(1000000) FROM c) SELECT count(*) FROM c",
    ).all();
  } catch (error) {
    message = (error as Error).message;
  }
  assert(/memory/.test(message), message);
  assertEquals(db.prepare("SELECT 1 AS x").all(), [{ x: 1 }]);
});
