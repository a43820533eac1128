import { assertEquals } from "@std/assert";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import type { DatabaseFactory } from "../../../lib/query/sqlite/database.ts";
import { useDatabase } from "../../../lib/query/sqlite/engine/open_database.ts";
import { loadSqlite } from "../../../lib/query/sqlite/engine/wasm_database.ts";
import { runBySqlite, type SqliteOptions } from "../../../lib/query/sqlite/run.ts";
import type { TableReader } from "../../../lib/query/plan/table_reader.ts";
import { plainDatabase, PlainReader, plainRows, type PlainTables } from "./plain_reader.ts";
import { QUERIES } from "./queries.ts";

async function rowsOf(
  sql: string,
  reader: TableReader,
  parameters: Record<string, Value> = {},
  options: SqliteOptions = {},
): Promise<Value[][]> {
  const bound = bindQuery(parseQuery(sql), sql);
  using found = await runBySqlite(bound, parameters, reader, options);
  const rows: Value[][] = [];
  for await (const chunk of found.rows()) rows.push(...chunk as Value[][]);
  return rows;
}

/** Numbers from 0 to below 1 that are the same each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return (Math.imul(state ^ state >>> 13, 0x297a2d39) >>> 0) / 2 ** 32;
  };
}

function randomTables(seed: number): PlainTables {
  const random = randomOf(seed);
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const many = <T>(most: number, make: (at: number) => T, least = 0): T[] =>
    Array.from({ length: Math.max(least, Math.floor(random() * most)) }, (_, at) => make(at));
  const anything = () =>
    pick<() => Value>(
      () => null,
      () => BigInt(Math.floor(random() * 5)),
      () => random() * 4 - 2,
      () => pick("a", "B", "b", "", "12", "1.5", " 3", "é", "x\0y", "2"),
      () => pick(2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, 300n, -70000n, 2n ** 40n, -(2n ** 24n)),
      () => pick(Infinity, -Infinity, 1e300, 2 ** 53, -0.5, 3),
    )();
  const exp = () => pick("e1", "e2", "e3", "E1");
  const run = () => pick("r1", "r2", null);
  return {
    experiments: many(6, (at) => ({
      ...{ repo: ".", exp: `e${at}`, id: `e${at}`, kind: pick("train", "eval", null), name: pick("a/b", "a", "") },
      ...{ created_at: BigInt(at), status: pick("finished", "running"), runs: 1n, tags: pick("[]", '["x","y"]') },
      ...{ params: pick("{}", '{"lr":0.1,"n":[1,2]}', '{"lr":"auto"}'), meta: "{}", version: 1n },
      ...{ "params.lr": anything(), "params.big": anything(), "params.a.b": anything() },
    }), 1),
    runs: many(8, () => ({
      ...{
        repo: ".",
        exp: exp(),
        run: run(),
        created_at: BigInt(Math.floor(random() * 9)),
        status: pick("lost", null),
      },
    })),
    points: many(60, (at) => ({
      ...{ repo: ".", exp: exp(), run: run(), log: "l", series: pick("t:loss", "t:acc"), event: "t" },
      ...{ key: pick("loss", "acc"), idx: BigInt(at), step: pick(random() * 5, Math.floor(random() * 9), null) },
      ...{ ts: pick(null, BigInt(at), 2n ** 53n + BigInt(at)), value: pick(random(), 1, -2, null, Infinity) },
    })),
    notes: many(9, () => ({
      ...{ repo: ".", exp: exp(), replica: "c", ts: BigInt(Math.floor(random() * 4)), what: pick("tag", "note") },
      ...{ text: pick("x", "Y", "y", null, "long ".repeat(Math.floor(random() * 9000)), "1") },
    })),
  };
}

const BUILDS: Readonly<Record<string, () => Promise<DatabaseFactory | undefined>>> = {
  "the runtime's SQLite": () => Promise.resolve(undefined),
  "SQLite in WebAssembly": () => loadSqlite({ memory: 256 * 1024 * 1024, length: 1e8 }, () => true),
};

for (const [build, load] of Object.entries(BUILDS)) {
  Deno.test(`runBySqlite: gives what the query gives over plain tables, by ${build}`, async () => {
    useDatabase(await load());
    try {
      for (let seed = 1; seed <= 12; seed++) await compareAll(seed, build);
    } finally {
      useDatabase(undefined);
    }
  });
}

async function compareAll(seed: number, build: string): Promise<void> {
  const tables = randomTables(seed);
  const reader = new PlainReader(tables);
  using db = plainDatabase(tables);
  for (const sql of QUERIES) {
    const parameters = Object.fromEntries([...sql.matchAll(/[:@$](\w+)/g)].map(([, name]) => [name, PARAMETERS[name]]));
    let expected: Value[][] | string;
    try {
      expected = plainRows(db, sql, parameters);
    } catch (error) {
      expected = (error as Error).message;
    }
    let found: Value[][] | string;
    try {
      found = await rowsOf(sql, reader, parameters);
    } catch (error) {
      found = (error as Error).message.replace("Cannot run the query: ", "");
    }
    assertEquals(cutAtNul(found), cutAtNul(expected), `${sql} (seed ${seed}, ${build})`);
  }
}

const PARAMETERS: Readonly<Record<string, Value>> = { n: 3n, x: 1.5, t: "e1", none: null };

/** The runtime's SQLite, which is asked what is right, gives texts up to U+0000. */
function cutAtNul(rows: Value[][] | string): unknown {
  if (typeof rows === "string") return rows;
  return rows.map((row) => row.map((value) => typeof value === "string" ? value.split("\0")[0] : value));
}
