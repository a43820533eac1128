import type { QueryResult, QueryValue } from "./answer.ts";
import { distinctNames } from "../../base/rows/distinct_names.ts";

/** A column of an answer: numbers alone (NULL is NaN) as a typed array, anything else as it is. */
export type ResultColumn = Float64Array | QueryValue[];

/** The columns of an answer by name, of two with one name the second as `name_1`. Reads it to its end. */
export async function columnsOfResult(answer: QueryResult): Promise<Record<string, ResultColumn>> {
  const columns = answer.typedColumns?.() ?? (await columnsOfRows(answer)).map(typed);
  return Object.fromEntries(distinctNames(answer.columns).map((name, at) => [name, columns[at]]));
}

async function columnsOfRows(answer: QueryResult): Promise<QueryValue[][]> {
  const columns: QueryValue[][] = answer.columns.map(() => []);
  for await (const rows of answer.chunks()) {
    for (const row of rows) for (let at = 0; at < row.length; at++) columns[at].push(row[at]);
  }
  return columns;
}

/** Values as a column. */
export function typed(values: QueryValue[]): ResultColumn {
  const isNumeric = values.every((value) => typeof value === "number" || value === null);
  return isNumeric && values.some((value) => value !== null)
    ? Float64Array.from(values, (value) => value === null ? NaN : value as number)
    : values;
}
