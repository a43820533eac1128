import { DatabaseSync } from "node:sqlite";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { functionNames } from "../../../lib/query/bind/scope/function_signatures.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { assertEquals } from "../../assert.ts";

/** Functions of SQLite that a query may not call: they reach beyond values, or belong to tables that are not here. */
const REFUSED = /^(fts|rtree|sqlite_|bm25|highlight|snippet|match|offsets|optimize|load_extension|->)/;

function outcome(run: () => unknown): string {
  try {
    run();
    return "taken";
  } catch (error) {
    const { message } = error as Error;
    if (/Cannot find the function|no such function|not authorized/.test(message)) return "not there";
    if (/^Cannot call|wrong number of arguments/.test(message)) return "not so many";
    return /OVER|misuse of window/.test(message) ? "only with OVER" : "taken";
  }
}

Deno.test("bindQuery: the functions of SQLite are there, with as many arguments as they take", () => {
  using db = new DatabaseSync(":memory:");
  const names = db.prepare("SELECT DISTINCT name FROM pragma_function_list ORDER BY name").all()
    .map(({ name }) => String(name)).filter((name) => !REFUSED.test(name) && !name.startsWith("current_"));
  assertEquals(names.length > 80, true);
  for (const name of names) {
    for (let count = 0; count < 5; count++) {
      const sql = `SELECT ${name}(${Array(count).fill("NULL").join(", ")})`;
      const ours = outcome(() => bindQuery(parseQuery(sql), sql));
      assertEquals(ours, outcome(() => db.prepare(sql)), sql);
    }
  }
});

Deno.test("functionNames: what is not SQLite's is dbx's", () => {
  using db = new DatabaseSync(":memory:");
  const known = new Set(db.prepare("SELECT name FROM pragma_function_list").all().map(({ name }) => String(name)));
  const own = [...functionNames()].filter((name) => !known.has(name));
  for (const name of ["median", "percentile", "stddev", "sqrt", "sin", "has_tag"]) {
    assertEquals(own.includes(name), true, name);
  }
  assertEquals(own.filter((name) => /load|read|write|attach/.test(name)), []);
});
