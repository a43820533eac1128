import { DatabaseSync } from "node:sqlite";
import type { Batch } from "../../../lib/query/vectors/vector.ts";
import { compileCondition } from "../../../lib/query/columns/scalar/compile.ts";
import type { ScanColumn, ScanPlan } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { quoteName } from "../../../lib/query/sql/quote.ts";
import { tableOf } from "../../../lib/query/schema/tables.ts";
import type { TableReader } from "../../../lib/query/plan/table_reader.ts";
import { vectorOfValues } from "../../../lib/query/vectors/value_vector.ts";

/** Rows by table, their values by the names of columns: `exp`, `params.lr`. */
export type PlainTables = Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;

const refuse = () => {
  throw new Error("no subqueries here");
};

/** Reads rows that are there, and counts scans and rows. */
export class PlainReader implements TableReader {
  scans: ScanPlan[] = [];
  rows = 0;

  constructor(readonly tables: PlainTables, readonly identity?: string, readonly batchRows = 7) {}

  async *scan(plan: ScanPlan): AsyncGenerator<Batch> {
    this.scans.push(plan);
    const rows = this.tables[plan.table] ?? [];
    for (let from = 0; from < rows.length; from += this.batchRows) {
      const some = rows.slice(from, from + this.batchRows);
      let batch: Batch = batchOf(some, plan.columns);
      for (const condition of plan.where) {
        const chosen = compileCondition(condition, { value: refuse, exists: refuse, members: refuse })(batch);
        if (chosen === undefined) continue;
        const kept = Array.from(chosen, (row) => valuesOf(batch, row));
        batch = {
          count: kept.length,
          columns: plan.columns.map((_, at) => ({ kind: "any", values: kept.map((row) => row[at]) })),
        };
      }
      this.rows += batch.count;
      yield batch;
    }
  }
}

function batchOf(rows: readonly Readonly<Record<string, Value>>[], columns: readonly ScanColumn[]): Batch {
  const names = columns.map(({ column, path }) => [column, ...path ?? []].join("."));
  return {
    count: rows.length,
    columns: names.map((name) => vectorOfValues(rows.map((row) => row[name] ?? null))),
  };
}

function valuesOf({ columns }: Batch, row: number): Value[] {
  return columns.map((vector): Value => {
    switch (vector.kind) {
      case "constant":
        return vector.value;
      case "any":
        return vector.values[row];
      case "text":
        return vector.codes[row] < 0 ? null : vector.words[vector.codes[row]];
      case "number": {
        const number = vector.data[row];
        if (Number.isNaN(number)) return null;
        return vector.type === "integer" ||
            vector.type === "numeric" && Number.isSafeInteger(number)
          ? BigInt(number)
          : number;
      }
    }
  });
}

/** The same rows as tables of a database: the columns that `*` shows, and those besides that rows have. */
export function plainDatabase(tables: PlainTables): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  for (const [name, rows] of Object.entries(tables)) {
    const { columns } = tableOf(name)!;
    const shown = new Map<string, string>(columns.map(([column, type]) => [column, type]));
    for (const row of rows) for (const column of Object.keys(row)) if (!shown.has(column)) shown.set(column, "");
    const definitions = [...shown].map(([column, type]) => `${quoteName(column)} ${type}`);
    db.exec(`CREATE TABLE ${name}(${definitions.join(", ")})`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${definitions.map(() => "?").join(", ")})`);
    for (const row of rows) insert.run(...[...shown.keys()].map((column) => row[column] ?? null));
  }
  return db;
}

/** The rows of a query, exactly; an error among them is thrown, which `iterate` would not do. */
export function plainRows(db: DatabaseSync, sql: string, parameters: Record<string, Value> = {}): Value[][] {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  return statement.all(parameters) as unknown as Value[][];
}
