import type { JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/suggest.ts";
import { seriesKey, type SeriesRow } from "../index/series_table.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { dig } from "./result/cell.ts";
import { QueryError } from "./result/query_error.ts";
import type { ReadQuery } from "./read_query.ts";
import { experimentFamily, runFamily } from "./tables/row_cells.ts";

/** How many names are looked through for suggestions. */
const MOST_KNOWN = 10_000;

/** Fails where a query's parameters and those that were given are not the same. */
export function checkParameters(read: ReadQuery, params: Readonly<Record<string, unknown>>): void {
  for (const token of read.tokens) {
    if (token.kind !== "parameter") continue;
    const name = token.raw.slice(1);
    if (token.raw[0] === "?") {
      throw new QueryError("Cannot bind a parameter without a name: write it as :name", read.sql, token.start);
    }
    if (Object.hasOwn(params, name)) continue;
    const hint = didYouMean(name, Object.keys(params));
    throw new QueryError(`Cannot run the query: the parameter "${name}" has no value${hint}`, read.sql, token.start);
  }
  for (const name of Object.keys(params)) {
    if (read.parameters.has(name)) continue;
    const hint = didYouMean(name, [...read.parameters]);
    throw new QueryError(`Cannot use the parameter "${name}": the query has no :${name}${hint}`, read.sql);
  }
}

/**
 * Fails at a part of params, metadata, environment or git that no experiment has: that is a mistake, not an empty answer.
 * Where there is no data at all, every name may be right.
 */
export function checkColumns(read: ReadQuery, snapshot: Snapshot): void {
  for (const { name, family, path, position, table } of read.dotted) {
    if (family === "data") continue;
    const all: Iterable<JsonObject | undefined> = table.name === "experiments"
      ? mapped(snapshot.experiments, (row) => experimentFamily(row, family))
      : mapped(snapshot.runs, (row) => runFamily(row, family));
    if (some(all, (json) => dig(json, path) !== undefined)) continue;
    const known = new Set<string>();
    for (const json of all) collect(known, family, json, 0);
    if (known.size > 0) {
      throw new QueryError(`Cannot find the column "${name}"${didYouMean(name, [...known])}`, read.sql, position);
    }
  }
}

/** Fails at a part of events' data that no event has. */
export function checkDataColumns(read: ReadQuery, found: ReadonlySet<string>, known: ReadonlySet<string>): void {
  for (const { name, family, position } of read.dotted) {
    if (family !== "data" || found.has(name) || known.size === 0) continue;
    throw new QueryError(`Cannot find the column "${name}"${didYouMean(name, [...known])}`, read.sql, position);
  }
}

/** Fails at a series that is compared with but that nobody logged. */
export function checkSeries(read: ReadQuery, rows: readonly SeriesRow[]): void {
  if (read.seriesLiterals.length === 0 || rows.length === 0) return;
  if (read.tokens.some((token) => /^json_(each|tree)$/i.test(token.raw))) return;
  for (const { column, value, position } of read.seriesLiterals) {
    const nameOf = (row: SeriesRow) => column === "key" ? row.key : seriesKey(row);
    if (rows.some((row) => nameOf(row) === value)) continue;
    const known = new Set<string>();
    for (const row of rows) if (known.size < MOST_KNOWN) known.add(nameOf(row));
    throw new QueryError(`Cannot find the series "${value}"${didYouMean(value, [...known])}`, read.sql, position);
  }
}

function collect(known: Set<string>, prefix: string, json: JsonObject | undefined, depth: number): void {
  for (const key of Object.keys(json ?? {})) {
    if (known.size >= MOST_KNOWN) return;
    const value = json![key];
    known.add(`${prefix}.${key}`);
    if (depth < 4 && typeof value === "object" && value !== null && !Array.isArray(value)) {
      collect(known, `${prefix}.${key}`, value as JsonObject, depth + 1);
    }
  }
}

function mapped<T, U>(items: readonly T[], f: (item: T) => U): Iterable<U> {
  return { [Symbol.iterator]: () => items.values().map(f) };
}

function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}
