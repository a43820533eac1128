import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { query } from "../../../lib/query/query.ts";
import { restrictionsOf } from "../../../lib/query/session/restrictions.ts";
import { openSource } from "../../../lib/query/snapshot/source.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { QuerySession } from "../../../lib/query/session/session.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random } from "../../format/random.ts";
import { randomRepository } from "../random_repository.ts";

const ALL = { status: true, runs: true, runStatus: true, logs: true, columns: true, times: true };
const NOW = Date.now();

/** Queries about ids: joins of every sort, conditions that narrow and such that only look like it. */
class Queries {
  constructor(readonly random: Random, readonly ids: { exp: string[]; run: string[] }) {}

  #one<T>(of: readonly T[]): T {
    return of[this.random.below(of.length)];
  }

  #id(of: "exp" | "run"): string {
    return this.random.next() < 0.05 ? "NULL" : `'${this.#one(this.ids[of])}'`;
  }

  /** A condition of some tables by their names. */
  #condition(names: readonly string[], depth = 0): string {
    const [a, b] = [this.#one(names), this.#one(names)];
    const of = this.random.next() < 0.7 ? "exp" : "run";
    const column = (name: string) => `${name}.${name === "e" ? "exp" : of}`;
    const id = () => this.#id(a === "e" ? "exp" : of);
    return this.#one<() => string>([
      () => `${column(a)} = ${id()}`,
      () => `${id()} = ${column(a)}`,
      () => `${column(a)} IN (${id()}, ${id()})`,
      () => `${column(a)} NOT IN (${id()})`,
      () => `${column(a)} <> ${id()}`,
      () => `${column(a)} IS NULL`,
      () => `${column(a)} IS ${id()}`,
      () => `${column(a)} > ${id()}`,
      () => `${a}.exp = ${b}.exp`,
      () => depth > 2 ? "1" : `(${this.#condition(names, depth + 1)} AND ${this.#condition(names, depth + 1)})`,
      () => depth > 2 ? "1" : `(${this.#condition(names, depth + 1)} OR ${this.#condition(names, depth + 1)})`,
      () => depth > 2 ? "0" : `NOT (${this.#condition(names, depth + 1)})`,
      () => `EXISTS (SELECT 1 FROM metrics x WHERE x.exp = ${a}.exp AND x.count > 3)`,
      () => `EXISTS (SELECT 1 FROM runs x WHERE x.exp = ${id()} AND x.exp = ${a}.exp)`,
      () => `${a}.exp IN (SELECT x.exp FROM runs x WHERE ${this.#one(["x.run", "x.exp"])} = ${id()})`,
    ])();
  }

  next(): string {
    const tables = { e: "experiments", r: "runs", m: "metrics", l: "logs" };
    const names = (Object.keys(tables) as (keyof typeof tables)[]).filter(() => this.random.next() < 0.5);
    if (names.length === 0) names.push("r");
    let from = `${tables[names[0]]} ${names[0]}`;
    for (const [at, name] of names.entries()) {
      if (at === 0) continue;
      const join = this.#one(["JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", ","]);
      const on = this.random.next() < 0.7
        ? `${this.#one(names.slice(0, at))}.exp = ${name}.exp`
        : this.#condition(names.slice(0, at + 1));
      from += ` ${join} ${tables[name]} ${name}` + (join === "," || join === "CROSS JOIN" ? "" : ` ON ${on}`);
      if (this.random.next() < 0.2) {
        from += join === "," || join === "CROSS JOIN" ? "" : ` AND ${this.#condition([name])}`;
      }
    }
    const where = [this.#condition(names), ...this.random.next() < 0.5 ? [this.#condition(names)] : []];
    const columns = names.map((name) => `${name}.exp`).join(", ");
    const what = this.random.next() < 0.3 ? "count(*)" : `${columns}, count(*)`;
    const groups = what === "count(*)" ? "" : ` GROUP BY ${columns}`;
    return `SELECT ${what} FROM ${from} WHERE ${where.join(" AND ")}${groups}`;
  }
}

Deno.test("query: what names its experiments or runs has the answer that it has over everything", async () => {
  const seed = Number(Deno.env.get("DBX_SEED") ?? 15);
  const random = new Random(seed);
  await using folder = await scratch();
  await randomRepository(random, `${folder.path}/a`);
  await randomRepository(random, `${folder.path}/b`);
  const sources = [await openSource(`${folder.path}/a`), await openSource(`${folder.path}/b`)];
  const snapshot = await takeSnapshot(sources, ALL, { now: NOW });
  const all = new QuerySession(snapshot);
  const exp = snapshot.experiments.map(({ experiment }) => experiment.id);
  const queries = new Queries(random, { exp: [...exp, "none"], run: snapshot.runs.map(({ run }) => run.id) });
  let narrow = 0, filled = 0;
  for (let turn = 0; turn < 1200; turn++) {
    const sql = queries.next();
    if (restrictionsOf(bindQuery(parseQuery(sql), sql), {}) === undefined) continue;
    const rowsOf = async (answer: Promise<AsyncIterable<readonly unknown[]>>) =>
      (await Array.fromAsync(await answer)).map((row) => JSON.stringify(row)).sort();
    const expected = await rowsOf(all.query(sql, { executor: "sqlite" }));
    narrow++;
    if (expected.length > 0 && expected[0] !== "[0]") filled++;
    assertEquals(await rowsOf(query(sources, sql, { now: NOW })), expected, `seed ${seed}: ${sql}`);
  }
  assert(narrow > 100 && filled > 30, `${narrow} queries were narrow, ${filled} had rows`);
});
