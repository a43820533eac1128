// @ts-ignore -- mapped by the deno.json of scripts/bench/duckdb: 64 MB that running from source does not need
import { DuckDBInstance } from "@duckdb/node-api";
import { takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import type { QueryValue } from "../../lib/query/result/answer.ts";
import { QueryError } from "../../lib/query/result/query_error.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import { QuerySession } from "../../lib/query/session/session.ts";
import { assert } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";
import { randomRepository } from "./random_repository.ts";

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

/** A query whose words mean the same to DuckDB: no division, no infinity, an order wherever rows are cut off. */
function shared(random: Random): string {
  const number = () => random.pick(["0", "1", "2.5", "-3", "0.5"]);
  const column = () => random.pick(["value", "step", "idx"]);
  const condition = () =>
    random.pick([
      () => `key ${random.pick(["=", "<>"])} 'loss'`,
      () => `${column()} ${random.pick(["<", "<=", ">", ">=", "<>"])} ${number()}`,
      () => `${column()} BETWEEN -1 AND ${number()}`,
      () => `value IS ${random.pick(["", "NOT "])}NULL`,
      () => `(${column()} + ${number()}) * 2 > ${column()}`,
      () => `key IN ('loss', 'wide')`,
      () => `NOT (${column()} > ${number()} OR ${column()} = 2)`,
    ])();
  const where = Array.from({ length: random.below(3) }, condition);
  const filter = `(value IS NULL OR abs(value) < 1e6)${where.map((it) => ` AND ${it}`).join("")}`;
  const aggregates = Array.from({ length: 1 + random.below(3) }, () => {
    const name = random.pick(["count", "sum", "avg", "min", "max", "stddev", "variance_pop", "median"]);
    return `${name}(${random.pick(["value", "step", "value * value", "abs(value) + idx"])})`;
  }).map((each) => each.replace("variance_pop", "var_pop"));
  const keys = [
    ...new Set(Array.from({ length: random.below(3) }, () => random.pick(["exp", "key", "series", "step", "log"]))),
  ];
  if (random.next() < 0.3) {
    return `SELECT exp, series, idx, value FROM points WHERE ${filter} ORDER BY value DESC NULLS LAST, exp, run, log, series, idx LIMIT 7`;
  }
  if (keys.length === 0) return `SELECT ${aggregates} FROM points WHERE ${filter}`;
  const having = random.next() < 0.2 ? " HAVING count(*) > 2" : "";
  return `SELECT ${[...keys, ...aggregates]} FROM points WHERE ${filter} GROUP BY ${keys}${having} ORDER BY ${keys}`;
}

function near(a: QueryValue, b: unknown): boolean {
  // NaN, where it is shown as it is, is NULL there.
  const [x, y] = [Number.isNaN(a) ? null : a, typeof b === "bigint" ? Number(b) : b];
  if (typeof x !== "number" || typeof y !== "number") return x === y;
  return x === y || Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y), 1e-3);
}

Deno.test("the same rows", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const duck = await instance.connect();
  for (let r = 0; r < 6; r++) {
    await using folder = await scratch();
    await randomRepository(random, `${folder.path}/r`);
    const source = await openSource(`${folder.path}/r`);
    const view = new QuerySession(await takeSnapshot([source], NEEDS, { now: 0 }));
    using all = await view.query("SELECT exp, run, log, series, key, idx, step, value FROM points", {
      executor: "sqlite",
    });
    await duck.run(
      "CREATE OR REPLACE TABLE points (exp TEXT, run TEXT, log TEXT, series TEXT, key TEXT, idx BIGINT, step DOUBLE, value DOUBLE)",
    );
    const literal = (cell: QueryValue) =>
      typeof cell === "string"
        ? `'${cell.replaceAll("'", "''")}'`
        : typeof cell === "number" && !Number.isFinite(cell)
        ? Number.isNaN(cell) ? "NULL" : `${cell > 0 ? "" : "-"}'infinity'::DOUBLE`
        : String(cell);
    const rows = (await Array.fromAsync(all)).map((row) => `(${row.map(literal)})`);
    if (rows.length === 0) continue;
    await duck.run(`INSERT INTO points VALUES ${rows}`);
    for (let q = 0; q < 150; q++) {
      const sql = shared(random);
      const theirs = (await duck.runAndReadAll(sql)).getRows();
      let answer;
      try {
        answer = await view.query(sql.replaceAll("var_pop(", "variance_pop("));
      } catch (error) {
        // A series that nobody logged is a mistake to us.
        if (error instanceof QueryError && error.message.includes("Cannot find the series")) continue;
        throw error;
      }
      const ours = await Array.fromAsync(answer);
      const isSame = ours.length === theirs.length &&
        ours.every((row, at) => row.every((cell, i) => near(cell, theirs[at][i])));
      assert(isSame, `seed ${seed}: ${sql}\n${answer.columns}\n${show(ours)}\n${show(theirs)}`);
    }
  }
  duck.closeSync();
});

function show(rows: readonly (readonly unknown[])[]): string {
  return JSON.stringify(rows.slice(0, 8), (_, value) => typeof value === "bigint" ? Number(value) : value);
}
