import { DatabaseSync } from "node:sqlite";
import { takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import { seriesOfLogs } from "../../lib/index/series_table.ts";
import type { QueryValue } from "../../lib/query/result/answer.ts";
import type { SqlDatabase } from "../../lib/query/sqlite/database.ts";
import { addFunctions } from "../../lib/query/sqlite/functions.ts";
import { allPoints, load } from "../../lib/query/loader.ts";
import { sourceOf } from "../../lib/query/snapshot/source.ts";
import { readQuery } from "../../lib/query/read_query.ts";
import { View } from "../../lib/query/view.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assert } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";
import { randomQuery } from "./random_query.ts";
import { randomRepository } from "./random_repository.ts";

const EVERYTHING = `SELECT *, params.lr, params.seed, params.model
  FROM points, metrics, runs, experiments`;
const NEEDS = { status: true, runs: true, runStatus: true, logs: true, stdout: false, columns: true, times: true };

/** Every table, filled without the executor that is tested. */
async function reference(view: View): Promise<DatabaseSync> {
  const made = new DatabaseSync(":memory:");
  const db = made as unknown as SqlDatabase;
  addFunctions(db);
  const { rows, left } = seriesOfLogs(view.snapshot.logs);
  const read = readQuery(EVERYTHING);
  await load(db, read, {
    snapshot: view.snapshot,
    logs: view.snapshot.logs.map((log) => ({ log })),
    series: rows,
    left,
    points: (names) => allPoints(rows, names),
  });
  return made;
}

function near(a: QueryValue, b: QueryValue): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b || (a === null && Number.isNaN(b));
  if (a === b) return true;
  if (Number.isInteger(a) && Number.isInteger(b) && Math.abs(a) < 1e13) return false;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
}

/** The rows of each answer that the other lacks, whatever their order. */
function difference(
  a: readonly QueryValue[][],
  b: readonly QueryValue[][],
): { more: QueryValue[][]; less: QueryValue[][] } {
  const less = [...b];
  const more = a.filter((row) => {
    const at = less.findIndex((other) => row.length === other.length && row.every((cell, i) => near(other[i], cell)));
    if (at >= 0) less.splice(at, 1);
    return at < 0;
  });
  return { more, less };
}

Deno.test("query: over columns the answer is SQLite's, for random queries over random repositories", async () => {
  const seed = Number(Deno.env.get("DBX_TEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  const queries = Number(Deno.env.get("DBX_TEST_QUERIES") ?? 20_000);
  const repositories = 40;
  const counts = { columns: 0, sqlite: 0, refused: 0 };
  for (let r = 0; r < repositories; r++) {
    await using folder = await scratch();
    const { grow } = await randomRepository(random, `${folder.path}/r`);
    const repository = await openReader(`${folder.path}/r`);
    const source = sourceOf(repository, { name: "r" });
    const take = async () => new View(await takeSnapshot([source], NEEDS, { now: 0 }));
    let view = await take();
    if (r % 2 === 0) {
      // Logs of several parts.
      await grow();
      view = await take();
    }
    using db = await reference(view);
    for (let q = 0; q < queries / repositories; q++) {
      const { sql, params } = randomQuery(random);
      const read = readQuery(sql);
      const told = `seed ${seed}: ${sql} ${JSON.stringify(params)}`;
      let expected: QueryValue[][] | string;
      try {
        const statement = db.prepare(read.rewritten);
        (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
        expected = statement.all(params) as unknown as QueryValue[][];
      } catch (error) {
        expected = (error as Error).message;
      }
      try {
        using answer = await view.ask(read, { params });
        const explanation = answer.explain();
        const rows = await Array.fromAsync(answer);
        assert(typeof expected !== "string", `${told}: SQLite says ${expected}`);
        counts[explanation.startsWith("executor: columns") ? "columns" : "sqlite"]++;
        const { more, less } = difference(rows, expected);
        const unequal = `${told}\n${explanation}got ${JSON.stringify(more.slice(0, 5))} want ${
          JSON.stringify(less.slice(0, 5))
        }`;
        assert(more.length + less.length === 0, unequal);
      } catch (error) {
        if (typeof expected !== "string" && !/Cannot find/.test((error as Error).message)) {
          throw new Error(told, { cause: error });
        }
        counts.refused++;
      }
    }
  }
  // Most of what is asked runs over columns, or the test says little.
  assert(counts.columns > queries / 3, JSON.stringify(counts));
  if (Deno.env.has("DBX_TEST_SEED")) console.log(counts);
});

Deno.test("query: of events only the lines are read that can be asked for, and the answer is the same", async () => {
  const seed = 5;
  const random = new Random(seed);
  let some = 0;
  for (let r = 0; r < 12; r++) {
    await using folder = await scratch();
    await randomRepository(random, `${folder.path}/r`);
    const source = sourceOf(await openReader(`${folder.path}/r`), { name: "r" });
    const view = new View(await takeSnapshot([source], NEEDS, { now: 0 }));
    for (let q = 0; q < 25; q++) {
      const conditions = [
        `event = '${random.pick(["val", "train/step/3", "none"])}'`,
        `event LIKE '${random.pick(["v%", "%step%", "%5"])}'`,
        `event IN ('val', 'train/epoch/1/step/2')`,
        `log = '${random.pick(["log", "other"])}'`,
        `kind = 'train'`,
        `ts > 1700000000500`,
        `line < 9`,
        `length(event) < 4`,
        `event = kind`,
        `(event = 'val' OR params.seed = 1)`,
      ];
      const chosen = Array.from({ length: 1 + random.below(3) }, () => random.pick(conditions));
      const sql = `SELECT exp, run, log, line, event, ts, data FROM events JOIN experiments USING (exp)
        WHERE ${chosen.join(" AND ")}`;
      try {
        using ours = await view.query(sql);
        if (/lines of some events/.test(ours.explain())) some++;
        using theirs = await view.query(sql, { executor: "sqlite" });
        const { more, less } = difference(await Array.fromAsync(ours), await Array.fromAsync(theirs));
        assert(more.length + less.length === 0, `seed ${seed}: ${sql} ${JSON.stringify([more, less])}`);
      } catch (error) {
        if (!/Cannot find/.test((error as Error).message)) throw error;
      }
    }
  }
  assert(some > 10, `${some}`);
});
