import { assert, assertEquals } from "../../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import type { BoundQuery } from "../../../lib/query/bind/bound.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { TABLES } from "../../../lib/query/schema/tables.ts";
import { Random } from "../../format/random.ts";
import { canonical } from "./canonical.ts";
import { RandomNames } from "./random_names.ts";

/** The tables, with ids that meet and otherwise no value twice: which column was taken shows in the rows. */
function tables(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  let next = 100;
  for (const { name, columns } of TABLES) {
    db.exec(`CREATE TABLE ${name} (${columns.map(([column, type]) => `"${column}" ${type}`)})`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => "?")})`);
    for (let row = 0; row < 3; row++) {
      insert.run(...columns.map(([column, type]) => {
        if (["repo", "exp", "run"].includes(column)) return `${column}${row + (name === "runs" ? 1 : 0)}`;
        return type === "TEXT" ? `${name}.${column}.${next++}` : next++;
      }));
    }
  }
  return db;
}

function answer(db: DatabaseSync, sql: string): { names: string[]; rows: unknown[] } | { refusal: string } {
  try {
    const statement = db.prepare(sql);
    (statement as unknown as { setReturnArrays(is: boolean): void }).setReturnArrays(true);
    const names = statement.columns().map(({ name }) => name);
    return { names, rows: statement.all().slice(0, 1000) };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}

function bind(sql: string): BoundQuery | QueryError {
  try {
    return bindQuery(parseQuery(sql), sql);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}

/** What SQLite passes over because it does not run it, and refuses for reasons that are not in the names. */
const PASSED_OVER = /ORDER BY of a query without groups|which aggregates have|Cannot use a query of|in WHERE|group by/;
const ITS_OWN = /to its right|near "\.|no such (column|table)|term out of range/;

Deno.test("bindQuery: names mean what they mean to SQLite", () => {
  using db = tables();
  const counts = { same: 0, refused: 0, different: 0 };
  const SEED = 20_261_130;
  for (let at = 0; at < 2500; at++) {
    const sql = new RandomNames(new Random(SEED + at)).query();
    const [expected, bound] = [answer(db, sql), bind(sql)];
    if (bound instanceof QueryError || "refusal" in expected) {
      const isBoth = bound instanceof QueryError && "refusal" in expected;
      if (isBoth) counts.refused++;
      else if (bound instanceof QueryError) assert(PASSED_OVER.test(bound.message), `${sql}\n${bound.message}`);
      else if ("refusal" in expected) assert(ITS_OWN.test(expected.refusal), `${sql}\n${expected.refusal}`);
      if (!isBoth) counts.different++;
      continue;
    }
    const text = canonical(bound);
    const found = answer(db, text);
    assertEquals(bound.output.map(({ name }) => name), expected.names, sql);
    assertEquals("rows" in found ? found.rows : found.refusal, expected.rows, `${sql}\n${text}`);
    counts.same++;
  }
  assert(counts.same > 600, JSON.stringify(counts));
  assert(counts.different < 15, JSON.stringify(counts));
});

/** The declared type that `CREATE TABLE … AS` gives a column of an affinity. */
const TYPES = { text: "TEXT", numeric: "NUM", integer: "INT", real: "REAL", none: "" };

Deno.test("bindQuery: affinities of columns are SQLite's, through subqueries and compounds", () => {
  using db = tables();
  const random = new Random(7);
  const columns = ["kind", "created_at", "min", "params.lr", "NULL", "'x'", "5", "1.5", "x'00'"];
  const value = (): string => {
    const column = random.pick(columns);
    return random.pick([
      () => column,
      () => column,
      () => `(${column})`,
      () => `+${column}`,
      () => `${column} COLLATE NOCASE`,
      () => `CAST(${column} AS ${random.pick(["TEXT", "VARCHAR(3)", "INT", "DOUBLE", "DECIMAL(2)", "BLOB"])})`,
      () => `(SELECT ${value()})`,
      () => `(SELECT ${value()} UNION ALL SELECT ${value()})`,
      () => `${column} ${random.pick(["||", "+", "=", "->>"])} 'a'`,
      () => `CASE WHEN 1 THEN ${value()} ELSE ${value()} END`,
      () => `coalesce(${column}, 1)`,
      () => `-${column}`,
      () => `max(${column}, 2)`,
    ])();
  };
  db.exec(`CREATE TABLE both (kind TEXT, created_at INTEGER, min REAL, "params.lr")`);
  const from = "experiments JOIN metrics USING (exp)";
  for (let at = 0; at < 400; at++) {
    const cores = Array.from({ length: 1 + random.below(3) }, () => `SELECT ${value()} AS v FROM ${from}`);
    const core = cores.join(random.pick([" UNION ALL ", " UNION "]));
    const sql = random.pick([`SELECT * FROM (${core})`, `WITH c(w) AS (${core}) SELECT w FROM c`]);
    db.exec("DROP TABLE IF EXISTS made");
    const text = sql.replaceAll(from, "both").replaceAll("params.lr", '"params.lr"');
    db.exec(`CREATE TABLE made AS ${text}`);
    const [{ type }] = db.prepare("PRAGMA table_info(made)").all();
    const bound = bind(sql);
    assert(!(bound instanceof QueryError), sql);
    assertEquals(TYPES[bound.output[0].affinity], type, sql);
  }
});

Deno.test("bindQuery: collations of columns are SQLite's, wherever COLLATE stands in an expression", () => {
  using db = new DatabaseSync(":memory:");
  const random = new Random(5);
  const value = (depth: number): string => {
    const below = () => value(depth - 1);
    if (depth === 0) return random.pick(["'a'", "c"]);
    return random.pick([
      below,
      () => `(${below()} COLLATE ${random.pick(["NOCASE", "RTRIM", "BINARY"])})`,
      () => `('' COLLATE NOCASE || ${below()})`,
      () => `(${below()} || '')`,
      () => `lower(${below()})`,
      () => `max(${below()}, ${below()})`,
      () => `CASE WHEN ${below()} = 'b' THEN 1 ELSE ${below()} END`,
      () => `CAST(${below()} AS TEXT)`,
      () => `(SELECT ${below()})`,
      () => `(+${below()})`,
    ])();
  };
  for (let at = 0; at < 500; at++) {
    const inner = `(SELECT ${value(1 + random.below(3))} AS v FROM (SELECT 'a' COLLATE NOCASE AS c))`;
    const sql = `SELECT v FROM ${inner}`;
    const found = db.prepare(`SELECT v = upper(v) AS n, v = v || ' ' AS r FROM ${inner}`).get()!;
    const bound = bind(sql);
    assert(!(bound instanceof QueryError), sql);
    assertEquals(bound.output[0].collation, found.n === 1 ? "NOCASE" : found.r === 1 ? "RTRIM" : "BINARY", sql);
  }
});
