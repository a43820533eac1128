import { DatabaseSync } from "node:sqlite";
import { Yielder } from "../../../../lib/base/yielder.ts";
import type { OperatorContext } from "../../../../lib/query/columns/operators/context.ts";
import type { Batch, Vector } from "../../../../lib/query/vectors/vector.ts";
import type { Value } from "../../../../lib/query/values/value.ts";
import { valueAt } from "../../../../lib/query/vectors/gather.ts";
import { vectorOfValues } from "../../../../lib/query/vectors/value_vector.ts";

/** Numbers from 0 to below 1 that are the same for the same seed. */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed * 2654435761 + 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39) + 0x9e3779b9;
    state ^= state >>> 15;
    return (state >>> 0) / 2 ** 32;
  };
}

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pickOne<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)];
}

const BLOB = new Uint8Array([1, 2]);
const BIG = 2n ** 53n + 1n;

/** Values of a kind of column, few enough that they meet. */
export const KINDS: Readonly<Record<string, readonly Value[]>> = {
  whole: [0n, 1n, 2n, 3n, 4n, null],
  sparse: [-3_000_000_000n, 7n, 1_000_000n, 9_007_199_254_740_991n, null],
  real: [0.5, 1.5, -2.25, 1e300, 0.1, 0.2, 0.30000000000000004, null],
  wholeReal: [1, 2, 3, 0.5, null],
  infinite: [Infinity, -Infinity, 1.5, 2.5, null],
  numeric: [1n, 2n, 0.5, 2.5, 3n, null],
  text: ["a", "b", "é", "", "1", "\u{10000}", "\uffff", null],
  mixed: [1n, 1, "1", "a", 0.5, null, 2n, BLOB, new Uint8Array([1])],
  words: ["1", "2.5", "x", " 3 ", "4e1", "9z", 5n, 0.5, null],
  big: [BIG, BIG + 1n, 2 ** 53, -BIG, 2n ** 62n, 1n, null],
  one: [1n],
  nothing: [null],
};

/** A table of columns of some kinds. */
export function randomRows(random: Random, kinds: readonly string[], count: number): Value[][] {
  return Array.from({ length: count }, () => kinds.map((kind) => pickOne(random, KINDS[kind])));
}

/** The rows in batches of random lengths, in vectors of every kind that can hold them. */
export async function* randomBatches(random: Random, rows: readonly Value[][], width: number): AsyncIterable<Batch> {
  const most = pickOne(random, [1, 3, 10, 1000]);
  for (let start = 0; start < rows.length;) {
    if (random() < 0.1) yield { count: 0, columns: Array.from({ length: width }, () => vectorOfValues([])) };
    const count = Math.min(rows.length - start, 1 + below(random, most));
    const part = rows.slice(start, start + count);
    const columns = Array.from({ length: width }, (_, at) => randomVector(random, part.map((row) => row[at])));
    yield { count, columns };
    start += count;
  }
}

function randomVector(random: Random, values: readonly Value[]): Vector {
  if (random() < 0.2) return { kind: "any", values };
  const narrow = vectorOfValues(values);
  if (narrow.kind === "text" && random() < 0.5) {
    // Each text of its own, and words that are not used.
    const words = ["unused", ...values.filter((value) => value !== null), "z"] as string[];
    let next = 1;
    const codes = Int32Array.from(values, (value) => value === null ? -1 : next++);
    return { kind: "text", codes, words };
  }
  if (narrow.kind === "number" && random() < 0.3) {
    // Longer than the batch.
    const data = new Float64Array(narrow.data.length + 3).fill(77);
    data.set(narrow.data);
    return { ...narrow, data };
  }
  return narrow;
}

/** All rows of batches. */
export async function rowsOf(batches: AsyncIterable<Batch>): Promise<Value[][]> {
  const rows: Value[][] = [];
  for await (const { count, columns } of batches) {
    for (let row = 0; row < count; row++) rows.push(columns.map((column) => valueAt(column, row)));
  }
  return rows;
}

/** A database with the rows as tables without types; columns are c0, c1, … */
export function databaseOf(
  tables: Readonly<Record<string, { rows: readonly Value[][]; width: number }>>,
): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  for (const [name, { rows, width }] of Object.entries(tables)) {
    const columns = Array.from({ length: width }, (_, at) => `c${at}`);
    db.exec(`CREATE TABLE ${name} (${columns.join()})`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => "?").join()})`);
    for (const row of rows) insert.run(...row);
  }
  return db;
}

/** The rows of a query, with the types that SQLite has. */
export function answerOf(db: DatabaseSync, sql: string): Value[][] {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  // Columns of one name would be one in an object.
  (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  return statement.all() as unknown as Value[][];
}

/** Rows as texts that tell all values apart. */
export function texts(rows: readonly (readonly Value[])[]): string[] {
  return rows.map((row) => row.map(textOf).join(" | "));
}

function textOf(value: Value): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  return value instanceof Uint8Array ? `x'${value.toHex()}'` : value === 0 ? "0.0" : String(value);
}

export const CONTEXT: OperatorContext = {
  scalars: {
    value: () => null,
    exists: () => false,
    members: () => [],
  },
  yielder: new Yielder(),
};
