import { assertEquals } from "@std/assert";
import { snapshotNeedsOf } from "../../../lib/query/session/snapshot_needs.ts";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";

/** The needs that a query has, by name. */
function needs(sql: string): string[] {
  return Object.entries(snapshotNeedsOf(bindQuery(parseQuery(sql), sql))).flatMap(([name, isNeeded]) =>
    isNeeded ? [name] : []
  );
}

Deno.test("needsOf: only what the query names", () => {
  assertEquals(needs("SELECT name FROM experiments"), []);
  assertEquals(needs("SELECT status FROM experiments"), ["status"]);
  assertEquals(needs("SELECT name FROM experiments WHERE runs > 1"), ["runs"]);
  assertEquals(needs("SELECT exit_code FROM runs"), ["runs", "runStatus"]);
  assertEquals(needs("SELECT bytes FROM logs"), ["runs", "logs"]);
  assertEquals(needs("SELECT value FROM points"), ["runs", "logs", "columns"]);
  assertEquals(needs("SELECT value FROM points WHERE ts > 5"), ["runs", "logs", "columns", "times"]);
  assertEquals(needs("SELECT exp FROM experiments WHERE exp IN (SELECT exp FROM metrics)"), [
    "runs",
    "logs",
    "columns",
  ]);
});
