import type { JsonObject } from "../../../base/json.ts";
import type { Vector } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import { type DefinitionPlace, exactPart } from "./exact_definition.ts";
import { distinctTexts, vectorOfValues } from "../../vectors/value_vector.ts";
import { type ExactJson, getPath, jsonText, mayBeInexact, valueOf } from "../../values/json_values.ts";

/** How the rows of a table that come from objects become columns. */
export interface RowTable<Row> {
  /** The columns of texts of which hardly any two are the same. */
  readonly ids?: readonly string[];
  /** The columns that are none of JSON. */
  readonly columns: Readonly<Record<string, (row: Row) => Value>>;
  /** The columns of JSON: what they hold, and the key of the definition that it is; undefined: the custom keys. */
  readonly families: Readonly<Record<string, { readonly json: (row: Row) => JsonObject | undefined; key?: string }>>;
  /** Where the definition of a row is kept. */
  readonly place: (row: Row) => DefinitionPlace;
}

/** Rows by their numbers. */
export interface RowList<Row> {
  readonly length: number;
  at(number: number): Row | undefined;
  map<To>(of: (row: Row, number: number) => To): To[];
}

/** A column of some rows, or what a path leads to in it. */
export async function columnOfRows<Row>(
  table: RowTable<Row>,
  rows: RowList<Row>,
  column: string,
  path?: readonly string[],
): Promise<Vector> {
  const plain = table.columns[column];
  if (plain !== undefined) {
    const values = rows.map(plain);
    return table.ids?.includes(column) ? distinctTexts(values as string[]) : vectorOfValues(values);
  }
  const { json, key } = table.families[column];
  const jsonAt = (at: number) => json(rows.at(at)!);
  return await columnOfJson(rows.length, jsonAt, (at) => table.place(rows.at(at)!), key, path);
}

/** A column of JSON, or what a path leads to in it. `key`: see `RowTable`. */
export async function columnOfJson(
  count: number,
  jsonAt: (at: number) => JsonObject | undefined,
  placeAt: (at: number) => DefinitionPlace,
  key: string | undefined,
  path?: readonly string[],
): Promise<Vector> {
  const inexact: number[] = [];
  const values = new Array<Value>(count);
  for (let at = 0; at < count; at++) {
    const all = jsonAt(at);
    const part = path === undefined ? all : getPath(all, path);
    if (mayBeInexact(part)) inexact.push(at);
    values[at] = partValue(part, path);
  }
  for (const at of inexact) {
    const exact = await exactPart(placeAt(at), jsonAt(at)!, key);
    values[at] = partValue(path === undefined ? exact : getPath(exact, path), path);
  }
  return vectorOfValues(values);
}

/** A whole column of JSON is its text, a part of it a value. */
function partValue(part: ExactJson | undefined, path: readonly string[] | undefined): Value {
  if (path !== undefined) return valueOf(part);
  return part === undefined ? null : jsonText(part);
}
