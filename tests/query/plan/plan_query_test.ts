import { assertEquals } from "@std/assert";
import { planQuery } from "../../../lib/query/plan/plan_query.ts";
import { planLines } from "../../../lib/query/plan/plan_text.ts";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";

const FACTS = { uniqueExperiments: true, uniqueRuns: true };

function planned(sql: string): string[] {
  const found = planQuery(bindQuery(parseQuery(sql), sql), {}, FACTS);
  return found.kind === "unsupported" ? [`${found.reason} at ${found.start}`] : planLines(found.plan);
}

Deno.test("planQuery: groups, HAVING and the conversions of comparisons", () => {
  const sql = "SELECT exp, max(value) - min(value) FROM points WHERE key = 'loss' AND step >= '5' GROUP BY exp " +
    "HAVING count(*) > 2";
  assertEquals(planned(sql), [
    "project #0, (#1 - #2)",
    "  filter (#3 > 2)",
    "    aggregate max(#1), min(#1), count(*) by #0",
    "      scan points (exp, value, key, step) where (#2 = 'loss') and (#3 >= 5)",
  ]);
});

Deno.test("planQuery: a subquery that depends on the row is a join with its groups", () => {
  const sql =
    "SELECT kind FROM experiments e WHERE 3 < (SELECT count(*) FROM notes n WHERE n.exp = e.exp AND text = 'x')";
  assertEquals(planned(sql), [
    "project #0",
    "  filter (3 < case)",
    "    left join on #1 = right #0",
    "      scan experiments (kind, exp)",
    "      project #0, #1, 1",
    "        aggregate count(*) by #0",
    "          scan notes (exp, text) where (#1 = 'x')",
  ]);
  assertEquals(planned("SELECT 1 FROM points p WHERE EXISTS (SELECT 1 FROM runs r WHERE r.created_at < p.ts)"), [
    "a subquery that depends on the row by another condition than = at 64",
  ]);
});

Deno.test("planQuery: order by what is not shown, and a limit", () => {
  assertEquals(planned("SELECT name FROM experiments ORDER BY lower(kind) DESC LIMIT 2"), [
    "limit 2",
    "  project #0",
    "    sort by #1 desc, first 2",
    "      project #0, lower(#1)",
    "        scan experiments (name, kind)",
  ]);
});

Deno.test("planQuery: windows over one window are one operator", () => {
  const sql = "SELECT value - lag(value) OVER (PARTITION BY run ORDER BY step), rank() OVER w FROM points " +
    "WINDOW w AS (PARTITION BY run ORDER BY step)";
  assertEquals(planned(sql), [
    "project (#0 - #3), #4",
    "  window lag, rank",
    "    scan points (value, run, step)",
  ]);
});

Deno.test("planQuery: columns beside aggregates come from the row of the one extreme, or are left to SQLite", () => {
  assertEquals(planned("SELECT run, max(value), step FROM points GROUP BY run"), [
    "project #0, #1, #2",
    "  aggregate max(#1), any(#2) by #0",
    "    scan points (run, value, step)",
  ]);
  assertEquals(planned("SELECT run, step, count(*) FROM points GROUP BY run"), [
    "step, which may differ within a group at 12",
  ]);
});

Deno.test("planQuery: more than one row value, IN, IS TRUE, and what only SQLite runs", () => {
  assertEquals(
    planned("SELECT exp FROM runs WHERE (exp, run) = ('a', 'b') AND exit_code IN ('0', 1) AND exit_code IS TRUE"),
    [
      "project #0",
      "  scan runs (exp, run, exit_code) where (#0 = 'a') and (#1 = 'b') and #2 in 2 values and case",
    ],
  );
  assertEquals(planned("SELECT random() FROM runs"), ["random(), which is not the same each time at 7"]);
  assertEquals(planned("SELECT a.exp FROM runs a FULL JOIN notes b ON a.exp = b.exp"), ["FULL JOIN at 18"]);
});

Deno.test("planQuery: what an id that is a key determines may stand beside aggregates", () => {
  const sql =
    "SELECT p.exp, e.kind, count(*) FROM points p JOIN experiments e ON e.exp = p.exp WHERE step > 3 GROUP BY p.exp";
  assertEquals(planned(sql), [
    "project #0, #2, #1",
    "  aggregate count(*), any(#2) by #0",
    "    scan points (exp, step, experiments.kind) where (#1 > 3)",
  ]);
  const twice = planQuery(bindQuery(parseQuery(sql), sql), {}, { uniqueExperiments: false, uniqueRuns: false });
  assertEquals(twice.kind === "unsupported" && twice.reason, "e.kind, which may differ within a group");
});

Deno.test("planQuery: a key of what an outer join may miss determines nothing of the other side", () => {
  const from = "FROM notes n LEFT JOIN experiments e ON n.exp = e.exp";
  assertEquals(planned(`SELECT n.exp, count(*) ${from} GROUP BY e.exp`), [
    "n.exp, which may differ within a group at 7",
  ]);
  assertEquals(planned(`SELECT e.kind, count(*) ${from} GROUP BY n.exp`)[0], "project #2, #1");
});
