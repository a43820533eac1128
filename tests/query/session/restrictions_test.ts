import { assertEquals } from "@std/assert";
import { restrictionsOf } from "../../../lib/query/session/restrictions.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";

function restrictions(sql: string, parameters: Readonly<Record<string, Value>> = {}): string {
  const found = restrictionsOf(bindQuery(parseQuery(sql), sql), parameters);
  if (found === undefined) return "all";
  return [...found.experiments ?? [], ...(found.runs ?? []).map((id) => `run ${id}`)].sort().join(", ") || "nothing";
}

/** Queries, and what they name. */
const CASES: readonly (readonly [sql: string, expected: string])[] = [
  ["SELECT 1", "all"],
  ["SELECT * FROM points WHERE exp = 'a'", "a"],
  ["SELECT * FROM points WHERE 'a' = exp AND key = 'loss'", "a"],
  ["SELECT * FROM points WHERE exp IN ('a', 'b') AND (step > 3 OR value < 1)", "a, b"],
  ["SELECT * FROM points WHERE exp IN ('a', NULL)", "a"],
  ["SELECT * FROM points WHERE exp IN ('a', 1)", "all"],
  ["SELECT * FROM points WHERE exp NOT IN ('a')", "all"],
  ["SELECT * FROM points WHERE exp IS NULL", "all"],
  ["SELECT * FROM points WHERE exp <> 'a'", "all"],
  ["SELECT * FROM points WHERE exp = 1234567890123", "all"],
  ["SELECT * FROM points WHERE exp = 'a' COLLATE NOCASE", "all"],
  ["SELECT * FROM points WHERE NOT exp = 'a'", "all"],
  ["SELECT * FROM points WHERE key = 'a'", "all"],
  ["SELECT * FROM points WHERE exp = 'a' OR exp = 'b'", "a, b"],
  ["SELECT * FROM points WHERE exp = 'a' OR key = 'b'", "all"],
  ["SELECT * FROM points WHERE (exp = 'a' AND step = 1) OR (exp = 'b' AND step = 2)", "a, b"],
  ["SELECT * FROM points WHERE exp = 'a' OR run = 'b'", "all"],
  ["SELECT * FROM points WHERE exp = 'a' AND exp = 'b'", "nothing"],
  ["SELECT * FROM points WHERE run = 'r'", "run r"],
  ["SELECT * FROM points WHERE run = 'r' AND exp = 'a'", "a"],
  ["SELECT * FROM experiments WHERE id = 'a'", "a"],
  ["SELECT * FROM notes WHERE exp = 'a'", "a"],
  // Joins.
  ["SELECT * FROM points p JOIN experiments e ON e.id = p.exp WHERE p.exp = 'a'", "a"],
  ["SELECT * FROM points p JOIN experiments e ON e.id = p.exp AND e.exp = 'a'", "a"],
  ["SELECT * FROM points p, experiments e WHERE p.exp = e.id AND e.id = 'a'", "a"],
  ["SELECT * FROM points p JOIN experiments e ON e.id = p.exp", "all"],
  ["SELECT * FROM points p JOIN experiments e ON e.kind = p.key WHERE p.exp = 'a'", "all"],
  ["SELECT * FROM points p JOIN runs r ON r.run = p.run WHERE r.run = 'r'", "run r"],
  ["SELECT * FROM points p JOIN runs r ON r.run = p.run WHERE r.exp = 'a'", "all"],
  ["SELECT * FROM experiments e JOIN runs r ON r.exp = e.id WHERE r.run = 'r'", "run r"],
  ["SELECT * FROM metrics m JOIN points p ON p.exp = m.exp JOIN experiments e ON e.id = p.exp WHERE e.id = 'a'", "a"],
  ["SELECT * FROM points p JOIN runs r USING (exp, run) JOIN experiments e USING (exp) WHERE e.kind = 'k'", "all"],
  ["SELECT * FROM points p JOIN runs r USING (exp, run) JOIN experiments e USING (exp) WHERE e.id = 'a'", "a"],
  ["SELECT * FROM points p NATURAL JOIN runs r WHERE p.exp = 'a'", "a"],
  // Outer joins: what is kept without a partner is not narrowed by ON, and WHERE narrows everything.
  ["SELECT * FROM experiments e LEFT JOIN points p ON p.exp = e.id WHERE e.id = 'a'", "a"],
  ["SELECT * FROM experiments e LEFT JOIN points p ON p.exp = e.id AND p.exp = 'a'", "all"],
  ["SELECT * FROM experiments e LEFT JOIN points p ON p.exp = e.id AND e.id = 'a'", "all"],
  ["SELECT * FROM experiments e LEFT JOIN points p ON p.exp = e.id WHERE p.exp = 'a'", "all"],
  ["SELECT * FROM experiments e RIGHT JOIN points p ON p.exp = e.id WHERE p.exp = 'a'", "a"],
  ["SELECT * FROM experiments e FULL JOIN points p ON p.exp = e.id WHERE p.exp = 'a'", "all"],
  ["SELECT * FROM experiments e FULL JOIN points p ON p.exp = e.id WHERE p.exp = 'a' AND e.id = 'b'", "a, b"],
  // Subqueries.
  ["SELECT * FROM points WHERE exp = 'a' AND value = (SELECT min(value) FROM points)", "all"],
  ["SELECT * FROM points WHERE exp = 'a' AND value = (SELECT min(value) FROM points WHERE exp = 'b')", "a, b"],
  ["SELECT id, (SELECT min(value) FROM points p WHERE p.exp = e.id) FROM experiments e WHERE e.id = 'a'", "a"],
  ["SELECT id FROM experiments e WHERE EXISTS (SELECT 1 FROM points p WHERE p.exp = e.id AND e.id = 'a')", "all"],
];

Deno.test("restrictionsOf: what a query names for each of its tables", () => {
  for (const [sql, expected] of CASES) assertEquals(restrictions(sql), expected, sql);
});

Deno.test("restrictionsOf: parameters", () => {
  const sql = "SELECT * FROM points WHERE exp = :e";
  assertEquals(restrictions(sql, { e: "a" }), "a");
  assertEquals(restrictions(sql, { e: 7n }), "all");
  assertEquals(restrictions(sql, { e: null }), "nothing");
  assertEquals(restrictions(sql), "all");
});
