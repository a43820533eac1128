import { DatabaseSync } from "node:sqlite";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { printQuery } from "../../../lib/query/sql/print.ts";
import type { SqlStatement } from "../../../lib/query/sqlite/database.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";

/** Queries over `t (a, b, c)` and `u (a, d)`, one a line. */
const VALID = `
SELECT 1
SELECT a, b AS x, c y, t.a, t.*, * FROM t
SELECT DISTINCT a FROM t ORDER BY a DESC NULLS LAST, 1 LIMIT 2 OFFSET 1
SELECT ALL a FROM t LIMIT 1, 2
SELECT a FROM t WHERE a = 1 OR b = 2 AND NOT c IS NULL
SELECT NOT a = b, NOT (a = b), (NOT a) = b, - - a, -a * 2, ~a + 1, +a FROM t
SELECT a - (b - c), a - b - c, a / (b * 2), (a + b) * 2, a || b || c, a % 2 = 1 FROM t
SELECT 1 < 2 < 3, 1 < (2 < 3), a = b = c, a <> b, a != b, a == b, a & 1 | 2, a << 1 > 2 FROM t
SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a NOT NULL, a IS b, a IS NOT b, a IS DISTINCT FROM b FROM t
SELECT a IS NOT DISTINCT FROM b, a IS TRUE, a IS NOT FALSE FROM t
SELECT a BETWEEN 1 AND 2 AND b, a NOT BETWEEN 1 AND 2 OR b FROM t
SELECT a IN (1, 2), a NOT IN (), a IN (SELECT a FROM u), a IN v FROM t
SELECT b LIKE 'x%', b NOT LIKE 'x!%' ESCAPE '!', b GLOB '*' FROM t
SELECT CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END, CASE WHEN a THEN b END FROM t
SELECT CAST(a AS TEXT), CAST(a AS VARCHAR(10)), CAST(b AS REAL), b COLLATE NOCASE = 'X' FROM t
SELECT count(*), count(DISTINCT a), sum(a) FILTER (WHERE a > 1), group_concat(b, ',' ORDER BY a) FROM t
SELECT b, max(a) FROM t GROUP BY b HAVING max(a) > 1 ORDER BY 2
SELECT row_number() OVER (PARTITION BY b ORDER BY a), sum(a) OVER w FROM t WINDOW w AS (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
SELECT sum(a) OVER (ORDER BY a RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM t
SELECT sum(a) OVER (w ROWS 1 PRECEDING) FROM t WINDOW w AS (ORDER BY a)
SELECT * FROM t JOIN u USING (a)
SELECT * FROM t NATURAL LEFT OUTER JOIN u
SELECT t.a FROM t LEFT JOIN u ON t.a = u.a AND u.d > 1
SELECT * FROM t, u CROSS JOIN (SELECT 1 AS z) AS q
SELECT * FROM t FULL JOIN u ON t.a = u.a
SELECT * FROM (t JOIN u USING (a)) LEFT JOIN t AS v ON v.a = 1
WITH x(n) AS (SELECT a FROM t), y AS NOT MATERIALIZED (SELECT n FROM x) SELECT * FROM x JOIN y USING (n)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n
SELECT a FROM t UNION SELECT a FROM u EXCEPT SELECT 1 INTERSECT SELECT 2 ORDER BY 1
SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY a DESC LIMIT 3
VALUES (1, 'x'), (2, NULL)
SELECT (SELECT max(a) FROM u), EXISTS (SELECT 1 FROM u WHERE u.a = t.a), NOT EXISTS (SELECT 1) FROM t
SELECT (a, b) = (1, 'x'), (a, b) IN (SELECT a, d FROM u), (a, b) < (2, 'y') FROM t
SELECT * FROM json_each('[1,2]') AS j, t WHERE j.value = t.a
SELECT '{"a":1}' -> 'a', '{"a":[1]}' ->> '$.a[0]'
SELECT 0x10, 1_000, 1e3, .5, 5., 9223372036854775807, -9223372036854775808, 9223372036854775808, x'00ff', 'it''s', "b", [b], \`b\` FROM t
SELECT TRUE, FALSE, NULL, a AS "select", b AS 'text' FROM t
SELECT a /* comment */ FROM t -- end
SELECT a FROM main.t AS t WHERE t.a > 0;
SELECT coalesce(a, b, c), abs(-a), round(a, 1), min(a, 2), replace(b, 'x', 'y') FROM t
`.trim().split("\n");

function world(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE TABLE t (a INTEGER, b TEXT, c); CREATE TABLE u (a INTEGER, d); CREATE TABLE v (a);
    INSERT INTO t VALUES (1, 'x', 1.5), (2, 'Y', NULL), (3, NULL, 'z'), (NULL, 'x', x'01'); INSERT INTO u VALUES (1, 2), (3, 'x'), (9, NULL)`);
  return db;
}

function rowsOf(db: DatabaseSync, sql: string): unknown[] {
  const statement = db.prepare(sql) as unknown as SqlStatement;
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return statement.all();
}

Deno.test("parseQuery and printQuery: what is printed again gives SQLite the same rows, and is printed the same again", () => {
  using db = world();
  for (const sql of VALID) {
    const printed = printQuery(parseQuery(sql));
    try {
      assertEquals(rowsOf(db, printed), rowsOf(db, sql));
    } catch (error) {
      throw new Error(`${sql}\nprinted as ${printed}`, { cause: error });
    }
    assertEquals(printQuery(parseQuery(printed)), printed, sql);
  }
});

Deno.test("parseQuery: a syntax error has its place", () => {
  using db = world();
  for (
    const [sql, position] of [
      ["SELECT a FROM t WHERE", 21],
      ["SELECT a FROM t GROUP a", 16],
      ["SELECT a,, b FROM t", 9],
      ["SELECT (a FROM t", 10],
      ["SELECT a FROM t LIMIT", 21],
      ["SELECT CASE END", 15],
      ["SELECT 'x", 7],
      ["INSERT INTO t VALUES (1)", 0],
      ["SELECT 1; SELECT 2", 8],
    ] as const
  ) {
    const error = assertThrows(() => parseQuery(sql), QueryError);
    assertEquals(error.position, position, sql);
    if (!/^INSERT|;/.test(sql)) assertThrows(() => db.prepare(sql), Error);
  }
});

Deno.test("parseQuery: long lists and chains take no stack; what is nested too deep is refused", () => {
  const members = Array.from({ length: 100_000 }, (_, at) => at).join(", ");
  parseQuery(`SELECT 1 WHERE 5 IN (${members})`);
  parseQuery(`SELECT 1 WHERE ${Array(20_000).fill("1 = 2").join(" OR ")}`);
  const error = assertThrows(() => parseQuery(`SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`), QueryError);
  assert(error.position !== undefined);
});
