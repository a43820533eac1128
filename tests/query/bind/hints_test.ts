import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";

/** Queries with a mistake, what is said, and the text at which it is said. */
const MISTAKES: readonly (readonly [sql: string, said: string, at: string])[] = [
  ["SELECT vlue FROM points", '"vlue"; did you mean "value"?', "vlue"],
  ["SELECT lr FROM experiments", 'a param is called "params.lr", a series "last:lr" or "min:lr"', "lr"],
  ["SELECT e.lr FROM experiments e", 'a param is called "e.params.lr"', "e.lr"],
  ["SELECT param.lr FROM experiments", 'did you mean "params.lr"?', "param.lr"],
  ["SELECT e.config.lr FROM experiments e", 'did you mean "e.params.lr"?', "e.config.lr"],
  ["SELECT loss FROM points", "WHERE key = 'loss'", "loss"],
  ["SELECT avg(m.loss) FROM metrics m", "WHERE m.key = 'loss'", "m.loss"],
  ["SELECT loss FROM events", 'a part of the data is called "data.loss"', "loss"],
  ["SELECT kind FROM points p", "add JOIN experiments ON experiments.exp = p.exp", "kind"],
  ["SELECT e.kind FROM runs", "add JOIN experiments e ON e.exp = runs.exp", "e.kind"],
  ["SELECT params.lr FROM metrics", "add JOIN experiments ON experiments.exp = metrics.exp", "params.lr"],
  ["SELECT git.commit FROM events v", "add JOIN runs ON runs.exp = v.exp AND runs.run = v.run", "git.commit"],
  ["SELECT min FROM points", "write min(value)", "min"],
  ["SELECT experiments.kind FROM experiments e", "write e.kind", "experiments.kind"],
  ["SELECT pp.value FROM points p", 'did you mean "p.value"?', "pp.value"],
  ["SELECT _step FROM points", 'did you mean "step"?', "_step"],
  ["SELECT rowid FROM points", "rows have no number", "rowid"],
  ["SELECT x FROM (SELECT kind, name FROM experiments)", "there are kind, name", "x"],
  ["SELECT e.params.lr FROM (SELECT params FROM experiments) e", "e.params ->> 'lr'", "e.params.lr"],
  ['SELECT 1 FROM runs WHERE status = "done"', "in single quotes: 'done'", '"done"'],
  ['SELECT "avg:loss" FROM experiments', 'did you mean "mean:loss"?', '"avg:loss"'],
  ['SELECT "min:loss" FROM runs', "columns of experiments", '"min:loss"'],
  ["SELECT step * 2 AS s, s + 1 FROM points", "do not see its aliases", "s + 1"],
  ["SELECT f.x FROM runs r, (SELECT r.exp AS x) f", "does not see the tables beside it", "r.exp"],
  ["SELECT 1 FROM runs, (SELECT 1 FROM notes WHERE text = signal)", "does not see the tables beside it", "signal"],
  ["SELECT 1 FROM points LIMIT step", "LIMIT sees no columns", "step"],
  ["SELECT 1 FROM pints", 'did you mean "points"?', "pints"],
  ["SELECT 1 FROM history", 'did you mean "points"?', "history"],
  ["SELECT 1 FROM sqlite_master", "dbx query --schema", "sqlite_master"],
  ["SELECT 1 FROM points(1)", "takes no arguments", "points(1)"],
  ["SELECT 1 FROM pragma_table_info('runs')", "there are json_each and json_tree", "pragma_table_info"],
  ["SELECT 1 FROM generate_series(1, 9)", "WITH RECURSIVE", "generate_series"],
  ["SELECT sum(value) OVER (ORDER BY ts, step RANGE 1 PRECEDING) FROM points", "exactly one", "RANGE"],
  ["WITH points AS (SELECT * FROM points) SELECT 1 FROM points", "is main.points", "points) SELECT"],
  ["SELECT avgg(value) FROM points", 'did you mean "avg"?', "avgg"],
  ["SELECT std(value) FROM points", 'did you mean "stddev"?', "std"],
  ["SELECT mean(value) FROM points", 'did you mean "avg"?', "mean"],
  ["SELECT len(kind) FROM experiments", 'did you mean "length"?', "len"],
  ["SELECT date_trunc('day', ts) FROM points", "strftime('%Y-%m-%d'", "date_trunc"],
  ["SELECT load_extension('x')", 'the function "load_extension"', "load_extension"],
  ["SELECT value::TEXT FROM points", "CAST(… AS TEXT)", "::"],
  ["SELECT name REGEXP 'x' FROM experiments", "LIKE '%…%'", "name REGEXP"],
  ["SELECT exp FROM points p JOIN metrics m ON p.run = m.run", "it is in p and m", "exp"],
  ["SELECT count(*) FROM runs WHERE count(*) > 1", "use HAVING", "count(*) > 1"],
  ["SELECT max(step) AS m FROM points WHERE m > 1", "stands for an aggregate: use HAVING", "m > 1"],
  ["SELECT max(count(*)) FROM runs", "within the aggregate max()", "count(*)"],
  ["SELECT count(*) FROM runs GROUP BY max(run)", "in GROUP BY", "max(run)"],
  ["SELECT count(*) FROM runs GROUP BY 1", "an aggregate itself", "1"],
  ["SELECT 1 FROM runs HAVING exp > 1", "HAVING without groups", "exp > 1"],
  ["SELECT 1 FROM runs WHERE row_number() OVER () > 1", "put the SELECT into FROM", "row_number"],
  ["SELECT sum(row_number() OVER ()) FROM runs", "within the aggregate sum()", "row_number"],
  ["SELECT rank() FROM runs", "without OVER", "rank()"],
  ["SELECT lower(exp) OVER () FROM runs", "not a window function", "lower"],
  ["SELECT sum(value) OVER w FROM points", 'the window "w"', "w FROM"],
  ["SELECT lower(exp) FILTER (WHERE 1) FROM runs", "not an aggregate", "lower"],
  ["SELECT count(DISTINCT exp, run) FROM runs", "0 to 1", "count("],
  ["SELECT group_concat(DISTINCT exp, ',') FROM runs", "DISTINCT", "group_concat"],
  ["SELECT sum(*) FROM runs", "only count takes it", "sum"],
  ["SELECT round() FROM runs", "takes 1 to 2", "round"],
  ["SELECT (SELECT exp, run FROM runs)", "a query of 2 columns", "(SELECT exp"],
  ["SELECT 1 FROM runs WHERE exp IN (SELECT exp, run FROM runs)", "in a query of 2 columns", "SELECT exp"],
  ["SELECT 1 FROM runs WHERE (exp, run) = 1", "a row of 2 values with one value", "1"],
  ["SELECT (1, 2)", "a row of values", "(1, 2)"],
  ["SELECT 1 UNION SELECT 1, 2", "of 1 and 2 columns", "SELECT 1, 2"],
  ["WITH c(a, b) AS (SELECT 1) SELECT * FROM c", "it has 1 columns, and 2 names", "c(a"],
  ["WITH c AS (SELECT 1), c AS (SELECT 2) SELECT * FROM c", "twice", "c AS (SELECT 2"],
  ["WITH c AS (SELECT * FROM d), d AS (SELECT * FROM c) SELECT * FROM c", "from itself", "c) SELECT"],
  ["WITH c(x) AS (SELECT 1 UNION ALL SELECT max(x) FROM c) SELECT * FROM c", "aggregates", "SELECT max"],
  ["SELECT exp FROM runs ORDER BY 2", "there is 1 column", "2"],
  ["SELECT exp FROM runs UNION SELECT exp FROM notes ORDER BY run", "not one of its columns", "run"],
  ["SELECT * FROM runs JOIN notes USING (log)", "on both sides", "log)"],
  ["SELECT n.* FROM runs", 'find "n" in FROM', "n.*"],
  ["SELECT *", "without FROM", "*"],
];

Deno.test("bindQuery: a mistake is an error with its place and what to write", () => {
  for (const [sql, said, at] of MISTAKES) {
    const error = assertThrows(() => bindQuery(parseQuery(sql), sql), QueryError);
    assertStringIncludes(error.message, said, sql);
    const places: number[] = [];
    for (let from = sql.indexOf(at); from >= 0; from = sql.indexOf(at, from + 1)) places.push(from);
    assertEquals(places.includes(error.position ?? -1), true, `${sql}: at ${error.position}`);
  }
});
