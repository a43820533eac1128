import { DatabaseSync } from "node:sqlite";
import { UnsupportedAtRuntime } from "../../../lib/query/columns/fallback.ts";
import { compileCondition, compileScalar } from "../../../lib/query/columns/scalar/compile.ts";
import type { ScalarContext } from "../../../lib/query/columns/scalar/context.ts";
import type { Batch } from "../../../lib/query/vectors/vector.ts";
import { SCALAR_FUNCTIONS } from "../../../lib/query/functions/all.ts";
import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { valueAt } from "../../../lib/query/vectors/gather.ts";
import { assert } from "../../assert.ts";
import { randomColumn, vectorsOf } from "./random_columns.ts";
import { Random } from "./random.ts";
import { randomCondition, randomScalar } from "./random_scalar.ts";
import { scalarSql } from "./scalar_sql.ts";

const SEED = Number(Deno.env.get("DBX_SEED") ?? Date.now() % 1_000_000);
const TABLES = Number(Deno.env.get("DBX_TABLES") ?? 12);
const SCALARS = 60;
const NO_PLANS: ScalarContext = { value: () => null, exists: () => false, members: () => [] };

/** Gives a database what both builds of SQLite get from the table of functions. */
function openOracle(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  for (const { name, compute, isGiven } of SCALAR_FUNCTIONS.values()) {
    if (!isGiven) continue;
    const options = { deterministic: true, useBigIntArguments: true, varargs: true };
    db.function(name, options, (...args) => compute(...args.map(exact)));
  }
  return db;
}

/** The runtime gives an INTEGER of a function's argument as bigint; a REAL is a number. */
function exact(value: unknown): Value {
  return value as Value;
}

/** A table with random columns, and what it then holds. */
function randomTable(db: DatabaseSync, random: Random): { readonly types: string[]; readonly columns: Value[][] } {
  const count = random.pick([0, 1, 7, 40, 40, 600]);
  const columns = Array.from({ length: 5 }, () => randomColumn(random, count));
  db.exec("DROP TABLE IF EXISTS t");
  db.exec(`CREATE TABLE t (${columns.map(({ type }, at) => `c${at} ${type}`).join(", ")})`);
  const insert = db.prepare(`INSERT INTO t VALUES (${columns.map(() => "?").join(", ")})`);
  for (let row = 0; row < count; row++) insert.run(...columns.map(({ values }) => values[row]) as never[]);
  const stored = columns.map((_, at) => valuesOf(db, `SELECT c${at} AS v FROM t ORDER BY rowid`, {}));
  return { types: columns.map(({ type }) => type), columns: stored };
}

/** The one column of a query, called v. The runtime cuts texts at U+0000, but not the bytes of blobs. */
function valuesOf(db: DatabaseSync, sql: string, bindings: Record<string, Value>): Value[] {
  const statement = db.prepare(`SELECT v, CASE typeof(v) WHEN 'text' THEN CAST(v AS BLOB) END AS bytes FROM (${sql})`);
  statement.setReadBigInts(true);
  return statement.all(bindings as never).map(({ v, bytes }) =>
    bytes === null ? v as Value : decoder.decode(bytes as Uint8Array)
  );
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What SQLite says for every row; undefined: an error. */
function ask(db: DatabaseSync, sql: string, bindings: Record<string, Value>): Value[] | undefined {
  try {
    return valuesOf(db, sql, bindings);
  } catch {
    return undefined;
  }
}

function isSame(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.toHex() === b.toHex();
  return Object.is(a, b);
}

function show(value: Value | undefined): string {
  return value instanceof Uint8Array ? `x'${value.toHex()}'` : `${typeof value} ${JSON.stringify(String(value))}`;
}

interface Tally {
  asked: number;
  errors: number;
  fallbacks: number;
}

/** Compares random scalars with SQLite over all kinds of vectors that can hold the rows. */
function compareAll(
  seed: number,
  make: (random: Random, types: readonly string[]) => Scalar,
  check: (db: DatabaseSync, scalar: Scalar, batch: Batch) => string | undefined | "error",
): void {
  const random = new Random(seed);
  const tally: Tally = { asked: 0, errors: 0, fallbacks: 0 };
  using db = openOracle();
  for (let table = 0; table < TABLES; table++) {
    const { types, columns } = randomTable(db, random);
    for (let at = 0; at < SCALARS; at++) {
      const scalar = make(random, types);
      for (let again = 0; again < 3; again++) {
        const vectors = columns.map((values) => random.pick(vectorsOf(values, random)));
        tally.asked++;
        try {
          const wrong = check(db, scalar, { count: columns[0].length, columns: vectors });
          if (wrong === "error") tally.errors++;
          else if (wrong !== undefined) {
            const kinds = vectors.map((vector) => vector.kind === "number" ? vector.type : vector.kind).join(", ");
            throw new Error(`seed ${seed}: ${scalarSql(scalar, {})} over ${kinds}: ${wrong}\n${debugText(scalar)}`);
          }
        } catch (error) {
          if (!(error instanceof UnsupportedAtRuntime)) throw error;
          tally.fallbacks++;
        }
      }
    }
  }
  console.log(`seed ${seed}: ${tally.asked} asked, ${tally.errors} errors, ${tally.fallbacks} fallbacks`);
  assert(tally.fallbacks < tally.asked / 50, "too many fallbacks");
}

function debugText(scalar: Scalar): string {
  return JSON.stringify(scalar, (_, value) => typeof value === "bigint" ? `${value}n` : value);
}

Deno.test("compileScalar: random scalars give what SQLite gives, value and type, whatever vectors hold the rows", () => {
  compareAll(SEED, (random, types) => randomScalar(random, types, 3), (db, scalar, batch) => {
    const bindings: Record<string, Value> = {};
    const expected = ask(db, `SELECT ${scalarSql(scalar, bindings)} AS v FROM t ORDER BY rowid`, bindings);
    if (expected === undefined) return "error";
    const found = compileScalar(scalar, NO_PLANS)(batch);
    for (let row = 0; row < batch.count; row++) {
      const value = valueAt(found, row);
      if (isSame(value, expected[row])) continue;
      const inputs = batch.columns.map((column) => show(valueAt(column, row))).join(", ");
      return `row ${row} (${inputs}): ${show(value)}, SQLite ${show(expected[row])}`;
    }
  });
});

Deno.test("compileCondition: random conditions are true for the rows that WHERE gives", () => {
  compareAll(SEED + 1, (random, types) => {
    const items = Array.from({ length: 1 + random.below(4) }, () => randomCondition(random, types, 2));
    return items.length === 1 ? items[0] : { kind: random.pick(["and", "and", "or"]), items };
  }, (db, scalar, batch) => {
    const bindings: Record<string, Value> = {};
    const sql = scalarSql(scalar, bindings);
    const expected = ask(db, `SELECT rowid - 1 AS v FROM t WHERE ${sql} ORDER BY rowid`, bindings);
    if (expected === undefined) return "error";
    const found = compileCondition(scalar, NO_PLANS)(batch) ?? Array.from({ length: batch.count }, (_, row) => row);
    const rows = Array.from(found, BigInt);
    if (rows.join() !== expected.join()) return `rows ${rows}, SQLite ${expected}`;
  });
});
