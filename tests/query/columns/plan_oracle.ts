import { DatabaseSync } from "node:sqlite";
import type { Batch } from "../../../lib/query/vectors/vector.ts";
import type { ScanPlan } from "../../../lib/query/plan/plan.ts";
import { compileCondition } from "../../../lib/query/columns/scalar/compile.ts";
import { SCALAR_FUNCTIONS } from "../../../lib/query/functions/all.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { gather, valueAt } from "../../../lib/query/vectors/gather.ts";
import type { TableReader } from "../../../lib/query/plan/table_reader.ts";
import { vectorsOf } from "./random_columns.ts";
import type { Random } from "./random.ts";

/** A database with dbx's functions, written as plainly as can be. */
export function openOracle(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  for (const { name, compute, isGiven } of SCALAR_FUNCTIONS.values()) {
    if (!isGiven) continue;
    const options = { deterministic: true, useBigIntArguments: true, varargs: true };
    db.function(name, options, (...args) => compute(...args as Value[]) as never);
  }
  const over = (name: string, compute: (numbers: number[], fraction: Value) => number | null): void => {
    const step = (state: Step[], x: unknown, fraction?: unknown) => [...state, [x, fraction ?? null] as Step];
    const result = (state: Step[]) => {
      const numbers = state.flatMap(([x]) => typeof x === "number" || typeof x === "bigint" ? [Number(x)] : []);
      return numbers.length === 0 ? null : compute(numbers, state[0][1]);
    };
    // How many arguments there are is read from the function.
    const one = (state: Step[], x: unknown) => step(state, x);
    const two = (state: Step[], x: unknown, fraction: unknown) => step(state, x, fraction);
    const hasFraction = name.startsWith("percentile");
    db.aggregate(name, { start: () => [], step: hasFraction ? two : one, result, useBigIntArguments: true } as never);
  };
  over("median", (numbers) => between(numbers, 0.5, (a, b) => (a + b) / 2));
  const linear = (part: number) => (a: number, b: number) => a + (b - a) * part;
  over("percentile", (numbers, p) => atFraction(numbers, Number(p) / 100, linear));
  over("percentile_cont", (numbers, p) => atFraction(numbers, Number(p), linear));
  over("percentile_disc", (numbers, p) => atFraction(numbers, Number(p), () => (a) => a));
  for (const name of ["stddev", "stddev_pop", "variance", "variance_pop"]) {
    over(name, (numbers) => {
      const sum = numbers.reduce((sum, x) => sum + (x - numbers[0]), 0);
      const squares = numbers.reduce((sum, x) => sum + (x - numbers[0]) ** 2, 0);
      const count = numbers.length;
      const divisor = name.endsWith("_pop") ? count : count - 1;
      if (divisor < 1) return null;
      const variance = Math.max(0, squares - sum * sum / count) / divisor;
      return name.startsWith("stddev") ? Math.sqrt(variance) : variance;
    });
  }
  return db;
}

type Step = readonly [x: unknown, fraction: Value];

function atFraction(
  numbers: number[],
  fraction: number,
  combine: (part: number) => (a: number, b: number) => number,
): number {
  const place = fraction * (numbers.length - 1);
  return between(numbers, fraction, combine(place - Math.floor(place)));
}

function between(numbers: number[], fraction: number, combine: (a: number, b: number) => number): number {
  const sorted = numbers.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0);
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  return below === place ? sorted[below] : combine(sorted[below], sorted[below + 1]);
}

/** Tables by their names: columns of values. */
export type Tables = Readonly<Record<string, readonly (readonly Value[])[]>>;

/** Puts tables with columns `c0`, `c1`, … without types into a database. */
export function fillTables(db: DatabaseSync, tables: Tables): void {
  for (const [name, columns] of Object.entries(tables)) {
    db.exec(`DROP TABLE IF EXISTS ${name}`);
    db.exec(`CREATE TABLE ${name} (${columns.map((_, at) => `c${at}`)})`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => "?")})`);
    for (let row = 0; row < columns[0].length; row++) insert.run(...columns.map((values) => values[row]) as never[]);
  }
}

/** The rows of a query with columns `c0`, `c1`, …; each value is shown with its type. */
export function oracleRows(db: DatabaseSync, sql: string, width: number, bindings: Record<string, Value>): string[] {
  // The runtime cuts texts at U+0000, but not the bytes of blobs.
  const columns = Array.from(
    { length: width },
    (_, at) => `c${at}, CASE typeof(c${at}) WHEN 'text' THEN CAST(c${at} AS BLOB) END AS b${at}`,
  );
  const statement = db.prepare(`SELECT ${columns} FROM (${sql})`);
  statement.setReadBigInts(true);
  return statement.all(bindings as never).map((row) =>
    Array.from({ length: width }, (_, at) => {
      const bytes = row[`b${at}`];
      return shown(bytes === null ? row[`c${at}`] as Value : decoder.decode(bytes as Uint8Array));
    }).join("  ")
  );
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The rows of batches, shown in the same way. */
export async function shownRows(batches: AsyncIterable<Batch>): Promise<string[]> {
  const rows: string[] = [];
  for await (const { count, columns } of batches) {
    for (let row = 0; row < count; row++) rows.push(columns.map((column) => shown(valueAt(column, row))).join("  "));
  }
  return rows;
}

function shown(value: Value): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return `x'${value.toHex()}'`;
  if (typeof value === "string") return JSON.stringify(value);
  // -0.0 is 0.0.
  return typeof value === "bigint" ? String(value) : `real ${value + 0}`;
}

/** Gives the rows of tables in batches of random sizes, in any vectors that hold them. */
export class RandomReader implements TableReader {
  constructor(readonly tables: Tables, readonly random: Random) {}

  async *scan(plan: ScanPlan): AsyncIterable<Batch> {
    const table = this.tables[plan.table];
    const most = this.random.pick([1, 3, 20, 1000]);
    const conditions = plan.where.map((it) => compileCondition(it, { value: refuse, exists: refuse, members: refuse }));
    for (let from = 0; from < table[0].length;) {
      const to = Math.min(table[0].length, from + this.random.below(most + 1));
      let batch: Batch = {
        count: to - from,
        columns: plan.columns.map(({ column }) => {
          const values = table[Number(column.slice(1))].slice(from, to);
          return this.random.pick(vectorsOf(values, this.random));
        }),
      };
      for (const condition of conditions) {
        const rows = condition(batch);
        if (rows === undefined) continue;
        batch = { count: rows.length, columns: batch.columns.map((vector) => gather(vector, rows)) };
      }
      await Promise.resolve();
      yield batch;
      from = to;
    }
  }
}

function refuse(): never {
  throw new Error("the reader of a table was given a plan within a scalar");
}
