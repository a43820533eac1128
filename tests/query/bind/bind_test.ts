import { type BindOptions, bindQuery } from "../../../lib/query/bind/bind.ts";
import type { BoundQuery } from "../../../lib/query/bind/bound.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { printExpression } from "../../../lib/query/sql/print.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

function bind(sql: string, options?: BindOptions): BoundQuery {
  return bindQuery(parseQuery(sql), sql, options);
}

/** The columns that a query reads, of each table. */
function used(sql: string): string[] {
  return [...bind(sql).used].flatMap(([{ name }, columns]) =>
    columns.map(({ column, path, name: own }) => [name, column ?? own, ...path ?? []].join("/"))
  );
}

Deno.test("bindQuery: parts of JSON, hidden columns and statistics are columns of their tables", () => {
  const sql =
    'SELECT params.lr, e.params."a.b", PARAMS.a.b, git.commit, hostname, "MIN:train/loss", "params.lr" FROM experiments e';
  assertEquals(used(sql), [
    ...["e/params/lr", "e/params/a.b", "e/params/a/b", "e/git/commit", "e/hostname", "e/statistic/min/train/loss"],
  ]);
  assertEquals(bind(sql).output.map(({ name }) => name), [
    ...["params.lr", 'params."a.b"', "params.a.b", "git.commit", "hostname", "min:train/loss", "params.lr"],
  ]);
  assertEquals(used("SELECT data.loss.0, c0 FROM events WHERE data.x > 1"), [
    ...["events/data/loss/0", "events/c0", "events/data/x"],
  ]);
  assertEquals(used("SELECT params.UP, params.up FROM experiments"), [
    "experiments/params/UP",
    "experiments/params/up",
  ]);
});

Deno.test("bindQuery: a hidden column gives way to one that is shown; two hidden ones are told apart by the query", () => {
  assertEquals(used("SELECT hostname, git.branch FROM experiments JOIN runs USING (exp)"), [
    ...["experiments/exp", "runs/exp", "runs/hostname", "runs/git/branch"],
  ]);
  assertThrows(() => bind("SELECT c0 FROM points, events"), QueryError, "it is in points and events");
  assertEquals(used("SELECT c0 FROM points JOIN events USING (run, c0)").includes("events/c0"), true);
});

Deno.test("bindQuery: a name that the user gives wins over the same name of a table, a family or a hidden column", () => {
  const columns = (sql: string) => {
    const { references } = bind(sql);
    return [...references.values()].map((it) =>
      it.kind === "column" ? `${it.instance.name}.${it.column.name}` : it.kind
    );
  };
  assertEquals(columns("WITH data(a) AS (SELECT 1) SELECT data.a FROM data"), ["data.a"]);
  for (const name of ["git", "params", "data", "env", "meta"]) {
    assertEquals(columns(`SELECT ${name}.exp FROM (SELECT exp FROM runs) ${name}`), ["runs.exp", `${name}.exp`]);
    assertEquals(columns(`SELECT ${name}.exp FROM experiments ${name}`), [`${name}.exp`]);
  }
  assertEquals(columns("SELECT env.PATH FROM runs env"), ["env.env.PATH"]);
  assertEquals(columns("WITH points AS (SELECT 1 AS value) SELECT value FROM points"), ["points.value"]);
  assertEquals(columns("WITH points AS (SELECT 1 AS a) SELECT value FROM main.points"), ["points.value"]);
  assertEquals(columns("SELECT main.points.VALUE FROM Points"), ["Points.value"]);
  assertEquals(columns("SELECT params.lr FROM (SELECT params.lr FROM experiments)"), [
    "experiments.params.lr",
    ".params.lr",
  ]);
});

Deno.test("bindQuery: ORDER BY takes an alias first, GROUP BY and WHERE a column", () => {
  const terms = (sql: string) =>
    [...bind(sql).terms].map(([term, it]) => it.kind === "output" ? it.index : printExpression(term));
  assertEquals(terms("SELECT exp AS run, run AS exp FROM runs ORDER BY exp, run DESC"), [1, 0]);
  assertEquals(terms("SELECT exp AS run, run AS exp FROM runs ORDER BY lower(exp)"), ["lower(exp)"]);
  assertEquals(terms("SELECT exp AS run, count(*) FROM runs GROUP BY run"), ["run"]);
  assertEquals(terms("SELECT lower(exp) AS e, count(*) FROM runs GROUP BY e, 1, LOWER(runs.exp), TRUE"), [
    0,
    0,
    0,
    "TRUE",
  ]);
  assertEquals(terms("SELECT * FROM runs ORDER BY run, 1 COLLATE NOCASE"), [2, 0]);
  assertEquals(terms("SELECT exp FROM runs UNION SELECT run AS r FROM runs ORDER BY r DESC, exp"), [0, 0]);
  const { references } = bind("SELECT exp AS run FROM runs WHERE run = 'a' AND run IS NOT NULL");
  assertEquals([...references.values()].every((it) => it.kind === "column"), true);
});

Deno.test("bindQuery: which queries depend on what is around them, and whose aggregate it is", () => {
  const sql = "SELECT (SELECT max(r.created_at) FROM runs r WHERE r.exp = e.exp), " +
    "(SELECT count(*) FROM (SELECT e.kind AS k)), (SELECT min(e.created_at)), (SELECT 1 FROM notes) FROM experiments e";
  const bound = bind(sql);
  const named = [...bound.outerReferences].map(([query, names]) =>
    `${sql.slice(query.start, query.start + 12)}: ${names.map((name) => printExpression(name)).join()}`
  );
  assertEquals(named.slice(1), [
    "SELECT max(r: e.exp",
    "SELECT count: e.kind",
    "SELECT e.kin: e.kind",
    "SELECT min(e: e.created_at",
    "SELECT 1 FRO: ",
  ]);
  const aggregates = [...bound.cores.values()].map(({ core, isAggregate }) =>
    `${sql.slice(core.start, core.start + 12)} ${isAggregate}`
  );
  assertEquals(aggregates.sort(), [
    "SELECT (SELE true",
    "SELECT 1 FRO false",
    "SELECT count true",
    "SELECT e.kin false",
    "SELECT max(r true",
    "SELECT min(e false",
  ]);
});

Deno.test("bindQuery: NULL is NaN only where nothing else makes it", () => {
  const shows = (sql: string) => bind(sql).output.map(({ showsNaN }) => showsNaN);
  assertEquals(shows("SELECT value, value + 0, min FROM points JOIN metrics USING (run)"), [true, false, true]);
  assertEquals(shows("WITH c(v) AS (SELECT value FROM points) SELECT v FROM (SELECT * FROM c)"), [true]);
  assertEquals(shows("SELECT value FROM runs LEFT JOIN points USING (run)"), [false]);
  assertEquals(shows("SELECT value FROM points UNION ALL SELECT NULL"), [false]);
  assertEquals(shows("SELECT v FROM (SELECT value AS v FROM points UNION ALL SELECT value FROM points)"), [false]);
  assertEquals(shows("SELECT (SELECT value FROM points)"), [false]);
  assertEquals(shows("SELECT min, count(*) FROM metrics"), [false, false]);
  assertEquals(shows("SELECT min, count(*) FROM metrics GROUP BY run"), [true, false]);
});

Deno.test("bindQuery: columns of *, of joins and of functions", () => {
  const names = (sql: string) => bind(sql).output.map(({ name }) => name).join();
  assertEquals(
    names("SELECT * FROM logs JOIN notes USING (repo, exp)"),
    "repo,exp,run,log,bytes,replica,ts,what,text,run",
  );
  assertEquals(names("SELECT n.*, run FROM logs NATURAL JOIN notes n"), "repo,exp,replica,ts,what,text,run,run");
  assertEquals(names("SELECT t.* FROM experiments, json_each(tags) t"), "key,value,type,atom,id,parent,fullkey,path");
  assertEquals(names("SELECT * FROM (SELECT 1 AS a, 2 AS A, 3)"), "a,A:1,3");
  assertEquals(used("SELECT count(*) FROM logs JOIN notes USING (exp)"), ["logs/exp", "notes/exp"]);
  assertEquals(used("SELECT j.value, t.json FROM experiments, json_each(tags) AS j, json_tree(j.value) AS t"), [
    ...["experiments/tags", "j/value", "t/json"],
  ]);
  const { references } = bind("SELECT exp FROM logs FULL JOIN notes USING (exp)");
  assertEquals([...references.values()].map((it) => it.kind === "merged" && it.isCoalesced), [true]);
});

Deno.test("bindQuery: a double-quoted name that names nothing is a text only on request", () => {
  const sql = 'SELECT kind FROM experiments WHERE kind = "cnn" AND "name" = "x"';
  assertThrows(() => bind(sql), QueryError, "'cnn'");
  const kinds = [...bind(sql, { doubleQuotedTexts: true }).references.values()].map(({ kind }) => kind);
  assertEquals(kinds, ["column", "column", "text", "column", "text"]);
});
