import { assertEquals } from "@std/assert";
import type { Value } from "../../../lib/query/values/value.ts";
import { functionNames } from "../../../lib/query/bind/scope/function_signatures.ts";
import type { SqlDatabase } from "../../../lib/query/sqlite/database.ts";
import { openDatabase, useDatabase } from "../../../lib/query/sqlite/engine/open_database.ts";
import { REGISTERED_AGGREGATES, REGISTERED_FUNCTIONS } from "../../../lib/query/sqlite/functions/register.ts";
import { loadSqlite } from "../../../lib/query/sqlite/engine/wasm_database.ts";

/** Databases of both builds with all that they are given. */
async function builds(): Promise<readonly [SqlDatabase, SqlDatabase]> {
  const own = openDatabase();
  useDatabase(await loadSqlite({ memory: 256 * 1024 * 1024, length: 1e8 }, () => true));
  const other = openDatabase();
  useDatabase(undefined);
  for (const db of [own, other]) {
    for (const functions of REGISTERED_FUNCTIONS.values()) functions.forEach((one) => db.registerFunction(one));
    for (const one of REGISTERED_AGGREGATES.values()) db.giveAggregate(one);
  }
  return [own, other];
}

/** What a statement gives, or says: through a table, so that errors are thrown. */
function answerOf(db: SqlDatabase, sql: string): unknown {
  try {
    db.exec("DROP TABLE IF EXISTS temp.found");
    db.exec("CREATE TEMP TABLE found(x)");
    db.prepare(`INSERT INTO found ${sql}`).run();
    const rows = db.prepare("SELECT typeof(x), quote(x) FROM found");
    rows.setReturnArrays(true);
    return [...rows.iterate()];
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("builds: every function that a query may call is in both", async () => {
  const [own, other] = await builds();
  using _own = own;
  using _other = other;
  const [ours, theirs] = [own, other].map((db) => {
    const names = db.prepare("SELECT DISTINCT name FROM pragma_function_list");
    names.setReturnArrays(true);
    return new Set([...names.iterate()].map((row) => (row as string[])[0]));
  });
  for (const name of functionNames()) {
    assertEquals([name, ours.has(name), theirs.has(name)], [name, true, true]);
  }
});

const VALUES: readonly string[] = [
  ...["NULL", "0", "1", "-1", "2", "10", "3.7", "-2.5", "0.5", "1e300", "9e999", "-9e999", "-0.0"],
  ...[
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "'4'",
    "' 2.5 '",
    "'a'",
    "''",
    "'é€'",
    "'12abc'",
  ],
  ...["x''", "x'3132'", "x'ff00'", "'a' || char(0) || 'b'", "TRUE"],
];

Deno.test("builds: functions of one and two values give the same in both", async () => {
  const [own, other] = await builds();
  using _own = own;
  using _other = other;
  const one = [
    ...[
      "sqrt",
      "ln",
      "log",
      "log2",
      "log10",
      "exp",
      "sin",
      "cos",
      "tan",
      "asin",
      "acos",
      "atan",
      "sinh",
      "cosh",
      "tanh",
    ],
    ...["asinh", "acosh", "atanh", "degrees", "radians", "ceil", "ceiling", "floor", "trunc", "sign", "abs", "round"],
    ...[
      "hex",
      "quote",
      "length",
      "lower",
      "upper",
      "unicode",
      "typeof",
      "soundex",
      "trim",
      "octet_length",
      "json_quote",
    ],
    ...["json_valid", "date", "unixepoch", "unhex"],
  ];
  const two = [
    "pow",
    "power",
    "mod",
    "atan2",
    "log",
    "round",
    "instr",
    "nullif",
    "max",
    "min",
    "concat",
    "trim",
    "like",
  ];
  for (const name of one) compareCalls(own, other, VALUES.map((a) => `${name}(${a})`));
  for (const name of two) {
    compareCalls(own, other, VALUES.flatMap((a) => VALUES.map((b) => `${name}(${a}, ${b})`)));
  }
});

/** Compares many calls at once, or one by one where some fail. */
function compareCalls(own: SqlDatabase, other: SqlDatabase, calls: readonly string[]): void {
  const sql = `VALUES ${calls.map((call) => `(${call})`).join(", ")}`;
  const [a, b] = [own, other].map((db) => answerOf(db, sql));
  if (typeof a === "object" && typeof b === "object") {
    calls.forEach((call, at) => assertEquals((a as unknown[])[at], (b as unknown[])[at], call));
  } else if (calls.length > 1) {
    const half = calls.length >> 1;
    compareCalls(own, other, calls.slice(0, half));
    compareCalls(own, other, calls.slice(half));
  } else assertEquals(a, b, sql);
}

Deno.test("builds: soundex is that of SQLite", async () => {
  const [given] = await builds();
  using _given = given;
  using plain = openDatabase();
  const words = [
    "'Robert'",
    "'Rupert'",
    "'Tymczak'",
    "'Pfister'",
    "'Honeyman'",
    "'  x1'",
    "'a-e'",
    "'Ashcraft'",
    ...VALUES,
  ];
  compareCalls(given, plain, words.map((word) => `soundex(${word})`));
});

const LISTS: readonly string[] = [
  ...["(1)", "(1), (2)", "(3), (1), (2)", "(NULL)", "(NULL), (5)", "(1.5), (2), ('7'), ('x'), (x'01')"],
  ...["(9007199254740993), (9007199254740995), (1)", "(9e999), (1)", "(-9e999), (9e999), (2)", "('a')"],
  `${Array.from({ length: 60 }, (_, at) => `(${at * 7 % 61})`).join(", ")}`,
];
const AGGREGATES = ["median(x)", "stddev(x)", "stddev_pop(x)", "variance(x)", "variance_pop(x)"];
const PERCENTILES = ["percentile(x, 90)", "percentile(x, '50')", "percentile_cont(x, 0.3)", "percentile_disc(x, 0.3)"];
const WRONG = ["percentile(x, 101)", "percentile_cont(x, 2)", "percentile(x, NULL)", "percentile_disc(x, x)"];

Deno.test("builds: aggregates give the same in both, in windows too", async () => {
  const [own, other] = await builds();
  using _own = own;
  using _other = other;
  for (const list of LISTS) {
    const from = `FROM (SELECT column1 AS x FROM (VALUES ${list}))`;
    for (const call of [...AGGREGATES, ...PERCENTILES, ...WRONG]) {
      for (
        const over of ["", " OVER (ROWS 2 PRECEDING)", " OVER (ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES)"]
      ) {
        const sql = `SELECT ${call}${over} ${from}`;
        assertEquals(answerOf(own, sql), answerOf(other, sql), sql);
      }
    }
  }
});

Deno.test("builds: percentiles are those of SQLite's extension, but for what it refuses", async () => {
  useDatabase(await loadSqlite({ memory: 256 * 1024 * 1024, length: 1e8 }, () => true));
  using given = openDatabase();
  using plain = openDatabase();
  useDatabase(undefined);
  for (const one of REGISTERED_AGGREGATES.values()) given.giveAggregate(one);
  for (const list of LISTS) {
    const from = `FROM (SELECT column1 AS x FROM (VALUES ${list}))`;
    const isPlain = !/[a-z']|e999/.test(list);
    for (const call of [...PERCENTILES, ...WRONG, ...isPlain ? ["median(x)"] : []]) {
      for (const over of ["", " OVER (ROWS 2 PRECEDING)"]) {
        const sql = `SELECT ${call}${over} ${from}`;
        assertEquals(answerOf(given, sql), answerOf(plain, sql), sql);
      }
    }
  }
});

/** The frames of a window of so many rows before and behind, computed from the start each. */
Deno.test("builds: aggregates in windows are those of each frame alone", async () => {
  const [own, other] = await builds();
  using _own = own;
  using _other = other;
  const values: Value[] = Array.from({ length: 200 }, (_, at) => (at * 37 % 101) * 10 ** (at % 7 - 3));
  const list = `(VALUES ${values.map((value, at) => `(${at}, ${value})`).join(", ")})`;
  for (const db of [own, other]) {
    for (const call of ["stddev", "variance_pop", "median"]) {
      const window =
        `SELECT ${call}(column2) OVER (ORDER BY column1 ROWS BETWEEN 5 PRECEDING AND 3 FOLLOWING) FROM ${list}`;
      const alone =
        `SELECT (SELECT ${call}(b.column2) FROM ${list} b WHERE b.column1 BETWEEN a.column1 - 5 AND a.column1 + 3)
        FROM ${list} a`;
      const [found, expected] = [window, alone].map((sql) => {
        const rows = db.prepare(sql);
        rows.setReturnArrays(true);
        return [...rows.iterate()].map((row) => (row as number[])[0]);
      });
      found.forEach((value, at) => {
        const isNear = value === expected[at] || Math.abs(value - expected[at]) <= 1e-12 * Math.abs(expected[at]);
        assertEquals(isNear, true, `${call} ${at}: ${value} ${expected[at]}`);
      });
    }
  }
});
