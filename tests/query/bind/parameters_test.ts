import { bindParameters, type ParameterValue } from "../../../lib/query/bind/parameters.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

function values(sql: string, given: Record<string, ParameterValue>) {
  return bindParameters({ tree: parseQuery(sql), sql }, given);
}

Deno.test("bindParameters: values have SQLite's types", () => {
  const given = {
    a: 3,
    b: 0.5,
    c: true,
    d: null,
    e: 2n ** 62n + 1n,
    f: "x",
    g: 1e300,
    h: NaN,
    i: -Infinity,
    j: 2 ** 53,
  };
  assertEquals(values("SELECT :a, $b, @c, :d, :e, :f, :g, :h, :i LIMIT :j", given), {
    ...{ a: 3n, b: 0.5, c: 1n, d: null, e: 2n ** 62n + 1n, f: "x", g: 1e300, h: null, i: -Infinity },
    j: 9007199254740992n,
  });
});

Deno.test("bindParameters: none without a value, none too many, none without a name", () => {
  const sql = "SELECT 1 WHERE 1 = :lr";
  assertEquals(assertThrows(() => values(sql, { l: 1 }), QueryError, 'did you mean "l"?').position, 19);
  assertThrows(() => values(sql, { lr: 1, l: 2 }), QueryError, 'the query has no :l; did you mean "lr"?');
  assertThrows(() => values("SELECT ?1", {}), QueryError, "without a name");
  assertThrows(() => values("SELECT :x", { x: 2n ** 63n }), Error, "64 bits");
  const window = "SELECT sum(1) OVER (ORDER BY :a ROWS :b PRECEDING) FROM (SELECT 1) WHERE :c IN (SELECT :d)";
  assertThrows(() => values(window, { a: 1, b: 1, c: 1 }), QueryError, '"d" has no value');
});
