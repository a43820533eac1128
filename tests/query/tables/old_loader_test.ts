import { openReader } from "../../../lib/repo/open.ts";
import { query, type QueryValue } from "../../../lib/query/query.ts";
import type { Value } from "../../../lib/query/result/value.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { TABLES } from "../../../lib/query/tables/schema.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random } from "../../format/random.ts";
import { randomRepository } from "../random_repository.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";

/** Parts of JSON that random repositories have. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  experiments: ["params.lr", "params.seed", "params.model", "params.opt.name", "params.opt"],
  events: ["data.loss", "data.точность", "data.deep.list", "data.step", "data.wide"],
};

Deno.test("SnapshotTables: every table is what SQLite was given before", async () => {
  const seed = Number(Deno.env.get("DBX_TEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  for (let round = 0; round < 20; round++) {
    await using folder = await scratch();
    const { grow } = await randomRepository(random, `${folder.path}/r`);
    const repository = await openReader(`${folder.path}/r`);
    const source = sourceOf(repository, { name: "r" });
    if (round % 2 === 0) {
      await tablesOf([source]);
      await grow();
    }
    const tables = await tablesOf([source]);
    for (const { name, columns } of TABLES) {
      const names = [...columns.map(([column]) => column), ...PARTS[name] ?? []];
      const found = (await rowsOf(tables, scanOf(name, names))).map((row) => row.map(inexact));
      let expected: QueryValue[][];
      try {
        using answer = await query([source], `SELECT ${names.join(", ")} FROM ${name}`, {
          executor: "sqlite",
          now: 2e12,
        });
        expected = await Array.fromAsync(answer);
      } catch (error) {
        // A part that no event has.
        if (/Cannot find/.test((error as Error).message)) continue;
        throw error;
      }
      const shown = expected.map((row) => row.map((value) => Number.isNaN(value) ? null : value));
      assertEquals(found, shown, `seed ${seed}, round ${round}: ${name}`);
    }
  }
});

/** Integers beyond 2^53 were doubles. */
function inexact(value: Value): QueryValue {
  return typeof value === "bigint" ? Number(value) : value;
}
