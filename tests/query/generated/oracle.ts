import type { QueryValue } from "../../../lib/query/result/answer.ts";
import type { Found } from "./compare.ts";
import type { GeneratedQuery } from "./queries.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import type { SqlDatabase } from "../../../lib/query/sqlite/database.ts";
import { statisticOf } from "../../../lib/query/schema/statistics.ts";
import { tableOf } from "../../../lib/query/schema/tables.ts";
import { valueAt } from "../../../lib/query/vectors/gather.ts";
import type { ScanColumn } from "../../../lib/query/plan/plan.ts";
import type { QuerySession } from "../../../lib/query/session/session.ts";
import { type Column, IDS, type PlainTables, TABLE_NAMES, type TableName, TABLES } from "./tables.ts";

/** The rows of a view in plain tables of SQLite, with functions of formulae of their own. */
export async function fillPlainTables(db: SqlDatabase, view: QuerySession): Promise<PlainTables> {
  const tables = {} as Record<TableName, { readonly columns: readonly Column[]; readonly rows: number }>;
  for (const name of TABLE_NAMES) {
    const columns = TABLES[name];
    const { columns: own, hidden = [] } = tableOf(name)!;
    const types = new Map([...own, ...hidden].map(([column, type]) => [column, type]));
    const typeOf = (column: string) => {
      const statistic = statisticOf(column)?.statistic;
      return statistic === undefined ? types.get(column) ?? "" : statistic === "count" ? "INTEGER" : "REAL";
    };
    const declared = columns.map((column) => `"${column.name}" ${typeOf(column.name)}`);
    db.exec(`CREATE TABLE ${name} (${declared.join(", ")})`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => "?").join(", ")})`);
    const scanned = columns.map((column) => scannedOf(name, column.name));
    let rows = 0;
    for await (const batch of view.tables.scan({ kind: "scan", table: name, columns: scanned, where: [] }, {})) {
      rows += batch.count;
      for (let row = 0; row < batch.count; row++) {
        insert.run(...batch.columns.map((vector) => valueAt(vector, row) as Exclude<Value, boolean>));
      }
    }
    // Parts of JSON that nothing has are no columns.
    const known = columns.filter(({ name: column }) =>
      !/[.]/.test(column) || db.prepare(`SELECT 1 FROM ${name} WHERE "${column}" NOTNULL`).get() !== undefined
    );
    tables[name] = { columns: known, rows };
    db.exec(`CREATE INDEX ids_${name} ON ${name}(${IDS[name].map((id) => `"${id}"`).join(", ")})`);
  }
  addFormulae(db);
  return tables;
}

function scannedOf(table: TableName, name: string): ScanColumn {
  const statistic = statisticOf(name);
  if (statistic !== undefined) return { table, column: "statistic", path: [statistic.statistic, statistic.series] };
  const [column, ...path] = name.split(".");
  return path.length === 0 ? { table, column } : { table, column, path };
}

/** Aggregates that SQLite does not have, each computed from all numbers at its end. */
function addFormulae(db: SqlDatabase): void {
  const give = (name: string, of: (numbers: readonly number[]) => number | null): void =>
    db.giveAggregate({
      name,
      count: 1,
      start: (): number[] => [],
      step: (numbers, [value]) => {
        if (isNumber(value)) (numbers as number[]).push(Number(value));
      },
      inverse: (numbers, [value]) => {
        if (isNumber(value)) (numbers as number[]).shift();
      },
      result: (numbers) => of(numbers as number[]),
    });
  give("median", (numbers) => {
    const sorted = numbers.toSorted((a, b) => a - b);
    const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
    return sorted.length === 0 ? null : low === high ? low : (low + high) / 2;
  });
  for (const [suffix, lost] of [["", 1], ["_pop", 0]] as const) {
    give(`variance${suffix}`, (numbers) => varianceOf(numbers, lost));
    give(`stddev${suffix}`, (numbers) => {
      const variance = varianceOf(numbers, lost);
      return variance === null ? null : Math.sqrt(variance);
    });
  }
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** The mean of the squares of the differences of all pairs, halved: exact for whole numbers that are not too great. */
function varianceOf(numbers: readonly number[], lost: 0 | 1): number | null {
  const count = numbers.length;
  if (count - lost < 1) return null;
  const least = Math.min(...numbers);
  let [sum, squares] = [0, 0];
  for (const number of numbers) {
    sum += number - least;
    squares += (number - least) ** 2;
  }
  return Math.max(0, count * squares - sum * sum) / (count * (count - lost));
}

/** What SQLite answers; a text is why it cannot. */
export function expectedOf(db: SqlDatabase, { plain, parameters }: GeneratedQuery): Found {
  try {
    const statement = db.prepare(plain);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const whole = Object.entries(parameters).map(([name, value]) => [
      name,
      Number.isInteger(value) ? BigInt(value as number) : value,
    ]);
    return statement.all(Object.fromEntries(whole)) as QueryValue[][];
  } catch (error) {
    return (error as Error).message;
  }
}
