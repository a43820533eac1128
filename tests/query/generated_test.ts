import { DatabaseSync } from "node:sqlite";
import type { SqlStatement } from "../../lib/query/sqlite/database.ts";
import { openReader } from "../../lib/repo/open.ts";
import { takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import { sourceOf } from "../../lib/query/snapshot/source.ts";
import { View } from "../../lib/query/view.ts";
import { QueryError } from "../../lib/query/result/query_error.ts";
import type { QueryValue } from "../../lib/query/query.ts";
import type { Value } from "../../lib/query/result/value.ts";
import { tableOf } from "../../lib/query/tables/schema.ts";
import { valueAt } from "../../lib/query/tables/gather.ts";
import { Random } from "../format/random.ts";
import { scratch } from "../e2e/dbx.ts";
import { assert } from "../assert.ts";
import { randomRepository } from "./random_repository.ts";
import { randomSql } from "./random_sql.ts";
import { type TableName, TABLES } from "./random_sql_tables.ts";

const NEEDS = {
  status: true,
  runs: true,
  runStatus: true,
  logs: true,
  stdout: false,
  columns: true,
  times: true,
};
/** Queries in all. A nightly task asks for more. */
const COUNT = Number(Deno.env.get("DBX_TEST_QUERIES") ?? (Deno.env.has("CI") ? 10_000 : 2_000));
const PER_REPOSITORY = 250;

/** The same rows in plain tables of the runtime's SQLite. */
async function plainTables(view: View): Promise<DatabaseSync> {
  const db = new DatabaseSync(":memory:");
  // The runtime's SQLite has no mathematical functions. Without bigints, great integers make it hang.
  db.function("sqrt", { deterministic: true, useBigIntArguments: true } as never, (x: unknown) => {
    if (typeof x === "string") return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(x) ? rootOf(Number(x)) : null;
    return typeof x === "number" || typeof x === "bigint" ? rootOf(Number(x)) : null;
  });
  for (const [name, columns] of Object.entries(TABLES) as [TableName, typeof TABLES[TableName]][]) {
    const { columns: own, hidden = [] } = tableOf(name)!;
    const types = new Map([...own, ...hidden].map(([column, type]) => [column, type]));
    const declared = columns.map((column) => `"${column.name}" ${types.get(column.name) ?? ""}`);
    db.exec(`CREATE TABLE ${name} (${declared.join(", ")})`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => "?").join(", ")})`);
    const scanned = columns.map((column) => {
      const [family, ...path] = column.name.split(".");
      return path.length === 0 ? { table: name, column: column.name } : { table: name, column: family, path };
    });
    for await (const batch of view.tables.scan({ kind: "scan", table: name, columns: scanned, where: [] }, {})) {
      for (let row = 0; row < batch.count; row++) {
        insert.run(...batch.columns.map((vector) => valueAt(vector, row) as Exclude<Value, boolean>));
      }
    }
  }
  return db;
}

function rootOf(x: number): number | null {
  return x < 0 ? null : Math.sqrt(x);
}

function expectedOf(db: DatabaseSync, sql: string): readonly string[] | string {
  try {
    const statement = db.prepare(sql) as unknown as SqlStatement;
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return (statement.all() as QueryValue[][]).map(keyOf);
  } catch (error) {
    return (error as Error).message;
  }
}

async function foundOf(view: View, sql: string, executor: "auto" | "sqlite"): Promise<readonly string[] | string> {
  try {
    using answer = await view.query(sql, { executor, awaitsSeries: true });
    return (await Array.fromAsync(answer)).map(keyOf);
  } catch (error) {
    if (!(error instanceof QueryError)) return [`${(error as Error).stack}`];
    return error.message;
  }
}

/** A row as text. Reals to twelve digits: engines add up in different orders; NaN is NULL. */
function keyOf(row: readonly QueryValue[]): string {
  return row.map((value) => {
    if (value === null || (typeof value === "number" && Number.isNaN(value))) return "NULL";
    if (typeof value === "string") return `'${value}'`;
    if (value instanceof Uint8Array) return `x${value.toHex()}`;
    if (typeof value === "bigint") return BigInt.asIntN(54, value) === value ? String(Number(value)) : String(value);
    const isExact = Number.isInteger(value) && Math.abs(value) <= 2 ** 53;
    return isExact ? String(value) : String(Number(value.toPrecision(12)));
  }).join(" | ");
}

function differ(expected: readonly string[] | string, found: readonly string[] | string, sql: string): boolean {
  if (typeof expected === "string" || typeof found === "string") return typeof expected !== typeof found;
  const isOrdered = / ORDER BY [\d, A-Z]*$/.test(sql);
  const [a, b] = isOrdered ? [expected, found] : [expected.toSorted(), found.toSorted()];
  return a.length !== b.length || a.some((row, at) => row !== b[at]);
}

Deno.test(`random queries: ${COUNT} of every shape, over columns and by SQLite, as plain tables answer them`, async () => {
  const seed = Number(Deno.env.get("DBX_TEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`  DBX_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const failures: string[] = [];
  let overColumns = 0;
  for (let asked = 0; asked < COUNT && failures.length < 10;) {
    await using folder = await scratch();
    await randomRepository(random, `${folder.path}/r`);
    const source = sourceOf(await openReader(`${folder.path}/r`), { name: "r" });
    const view = new View(await takeSnapshot([source], NEEDS, { now: 1_800_000_000_000 }));
    using db = await plainTables(view);
    for (let i = 0; i < PER_REPOSITORY && asked < COUNT && failures.length < 10; i++, asked++) {
      const { asked: sql, plain } = randomSql(random);
      const expected = expectedOf(db, plain);
      for (const executor of ["auto", "sqlite"] as const) {
        const found = await foundOf(view, sql, executor);
        if (typeof found !== "string" && executor === "auto") overColumns++;
        if (!differ(expected, found, sql)) continue;
        const shown = (it: readonly string[] | string) => typeof it === "string" ? it : it.slice(0, 6).join("\n    ");
        failures.push(`${executor}: ${sql}\n  expected\n    ${shown(expected)}\n  found\n    ${shown(found)}`);
      }
    }
  }
  assert(failures.length === 0, `seed ${seed}\n${failures.join("\n\n")}`);
  assert(COUNT < 100 || overColumns > 0);
});
