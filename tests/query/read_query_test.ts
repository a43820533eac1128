import { QueryError } from "../../lib/query/result/query_error.ts";
import { readQuery } from "../../lib/query/read_query.ts";
import { tokenize } from "../../lib/query/sql/tokens.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../assert.ts";

Deno.test({
  name: "tokenize: texts, quotes, comments, numbers, parameters, marks",
  permissions: "none",
  fn() {
    const tokens = tokenize(`SELECT 'it''s', "a""b", [c d], \`e\` -- x
      /* ' */ 1.5e-3, .5, 0xff, :p, $q, a->>'$.b', é_1 <> x`);
    assertEquals(tokens.filter((token) => token.kind !== "mark").map(({ kind, value }) => [kind, value]), [
      ["name", "SELECT"],
      ["text", "it's"],
      ["quoted", 'a"b'],
      ["quoted", "c d"],
      ["quoted", "e"],
      ["number", "1.5e-3"],
      ["number", ".5"],
      ["number", "0xff"],
      ["parameter", ":p"],
      ["parameter", "$q"],
      ["name", "a"],
      ["text", "$.b"],
      ["name", "é_1"],
      ["name", "x"],
    ]);
    for (const token of tokens) assertEquals(token.raw.length, token.end - token.start);
    for (const [sql, position] of [["select 'a", 7], ['a "b', 2], ["a ^ b", 2], ["[x", 0]] as const) {
      assertEquals(assertThrows(() => tokenize(sql), QueryError).position, position, sql);
    }
  },
});

Deno.test({
  name: "readQuery: dotted names become columns, and nothing else changes",
  permissions: "none",
  fn() {
    for (
      const [sql, rewritten] of [
        ["SELECT params.lr FROM experiments", 'SELECT "params.lr" FROM experiments'],
        ["SELECT e.params.opt.lr, 'params.lr' FROM x", `SELECT e."params.opt.lr", 'params.lr' FROM x`],
        ['SELECT params."weight-decay" -- params.x', 'SELECT "params.weight-decay" -- params.x'],
        ["SELECT data.loss.0.b, env . PATH", 'SELECT "data.loss.0.b", "env.PATH"'],
        ["SELECT params, git.commit FROM runs", 'SELECT params, "git.commit" FROM runs'],
        ["WITH data AS (SELECT 1 x) SELECT data.x FROM data", "WITH data AS (SELECT 1 x) SELECT data.x FROM data"],
        ["SELECT data.x FROM points AS data", "SELECT data.x FROM points AS data"],
        ["SELECT data.x FROM points data", "SELECT data.x FROM points data"],
      ]
    ) assertEquals(readQuery(sql).rewritten, rewritten);
  },
});

Deno.test({
  name: "readQuery: tables, parameters, names of series; what does not only read is refused with its place",
  permissions: "none",
  fn() {
    const read = readQuery("SELECT params.a FROM Points p WHERE key IN ('x', 'y') AND series = 'z:w' AND step < :n;");
    assertEquals(Array.from(read.tables, (table) => table.name), ["points", "experiments"]);
    assertEquals([...read.parameters], ["n"]);
    assertEquals(read.seriesLiterals.map(({ column, value }) => [column, value]), [
      ["key", "x"],
      ["key", "y"],
      ["series", "z:w"],
    ]);
    for (
      const [sql, message] of [
        ["", "it is empty"],
        ["  -- nothing", "it is empty"],
        ["DELETE FROM points", 'it begins with "DELETE"'],
        ["PRAGMA writable_schema = 1", 'it begins with "PRAGMA"'],
        ["ATTACH 'x' AS y", 'it begins with "ATTACH"'],
        ["SELECT 1; SELECT 2", "must be one statement"],
      ]
    ) assertStringIncludes(assertThrows(() => readQuery(sql), QueryError).message, message);
  },
});
