import type { JsonObject } from "../../base/json.ts";
import { didYouMean } from "../../base/suggest.ts";
import { seriesMatcher } from "../../format/events/series_name.ts";
import { getPath } from "../values/json_values.ts";
import { QueryError } from "../result/query_error.ts";
import type { BoundColumn, BoundQuery } from "./bound.ts";
import { type SeriesLiteral, seriesLiteralsOf } from "./series_literals.ts";
import { nameOfPart } from "./scope/table_columns.ts";

/** How many names are looked through for suggestions, and how deep. */
const [MAX_KNOWN, MAX_DEPTH] = [10_000, 4];

/** What is there, as far as names of columns can be wrong about it. Each is asked only if the query names such a column. */
export interface KnownParts {
  /** The JSON of a column of `experiments` or `runs`, of each row. Rows are taken only as long as nothing is found. */
  objects(table: string, family: string): Iterable<JsonObject | undefined>;
  /** The names of the leaves in the data of events, with dots: `loss`, `optimizer.lr`. */
  leaves(): Iterable<string>;
}

/** A series that is there. */
export interface KnownSeries {
  /** The whole key: `train/epoch/*:loss`. */
  readonly series: string;
  /** Its part behind the colon: `loss`. */
  readonly key: string;
}

/** A part of JSON that a query names, and where. */
interface Part {
  readonly table: string;
  readonly family: string;
  readonly path: readonly string[];
  readonly start: number;
}

/**
 * Fails at a part of JSON that no row has: that is a mistake, not an empty answer. Where there is no such data at all, every
 * name may be right.
 *
 * @throws {QueryError} With the near name.
 */
export function checkParts(bound: BoundQuery, known: KnownParts): void {
  for (const part of partsOf(bound)) {
    const { family, path, start } = part;
    const names = new Set<string>();
    const isThere = family === "data" ? isLeaf(known.leaves(), path, names) : isPart(known, part, names);
    if (isThere || names.size === 0) continue;
    const name = nameOfPart(family, path);
    throw new QueryError(`Cannot find the column "${name}"${didYouMean(name, names)}`, bound.sql, start);
  }
}

/**
 * Fails at a series that a query compares with, or asks a statistic of, but that was never logged. A query that waits
 * for news leaves this out.
 *
 * @throws {QueryError} With the near name.
 */
export function checkSeries(bound: BoundQuery, series: () => Iterable<KnownSeries>): void {
  const literals = [...seriesLiteralsOf(bound), ...statisticsOf(bound)];
  if (literals.length === 0) return;
  const keys = new Set<string>();
  const wholes = new Set<string>();
  for (const one of series()) {
    keys.add(one.key);
    wholes.add(one.series);
  }
  if (keys.size === 0) return;
  for (const { column, value, start } of literals) {
    const names = column === "key" ? keys : wholes;
    if (names.has(value)) continue;
    if (column === "statistic" && [...wholes].some(seriesMatcher(value))) continue;
    const near = column === "statistic" ? [...keys, ...wholes] : [...names];
    const hint = didYouMean(value, near.slice(0, MAX_KNOWN));
    throw new QueryError(`Cannot find the series "${value}"${hint}`, bound.sql, start);
  }
}

function partsOf({ references }: BoundQuery): Part[] {
  const parts: Part[] = [];
  for (const [{ start }, reference] of references) {
    if (reference.kind !== "column") continue;
    const { source } = reference.instance;
    const { column: family, path } = reference.column;
    if (source.kind !== "table" || family === undefined || path === undefined || family === "statistic") continue;
    parts.push({ table: source.table.name, family, path, start });
  }
  return parts.sort((a, b) => a.start - b.start);
}

function statisticsOf(
  { references }: BoundQuery,
): (Omit<SeriesLiteral, "column"> & { readonly column: "statistic" })[] {
  return [...references].flatMap(([{ start }, reference]) => {
    const column: BoundColumn | undefined = reference.kind === "column" ? reference.column : undefined;
    return column?.column === "statistic" ? [{ column: "statistic", value: column.path![1], start }] : [];
  });
}

/** Whether a leaf is at a path or below it. Without an answer, all names are gathered. */
function isLeaf(leaves: Iterable<string>, path: readonly string[], names: Set<string>): boolean {
  const wanted = path.join(".");
  for (const leaf of leaves) {
    if (leaf === wanted || leaf.startsWith(`${wanted}.`)) return true;
    if (names.size < MAX_KNOWN) names.add(`data.${leaf}`);
  }
  return false;
}

/** Looks at no more rows than it has to; the names are gathered in a second round. */
function isPart(
  known: KnownParts,
  { table, family, path }: Part,
  names: Set<string>,
): boolean {
  for (const json of known.objects(table, family)) if (getPath(json, path) !== undefined) return true;
  for (const json of known.objects(table, family)) {
    collect(names, family, json, 0);
    if (names.size >= MAX_KNOWN) break;
  }
  return false;
}

function collect(names: Set<string>, prefix: string, json: JsonObject | undefined, depth: number): void {
  for (const [key, value] of Object.entries(json ?? {})) {
    if (names.size >= MAX_KNOWN) return;
    const name = nameOfPart(prefix, [key]);
    names.add(name);
    if (depth < MAX_DEPTH && typeof value === "object" && value !== null && !Array.isArray(value)) {
      collect(names, name, value, depth + 1);
    }
  }
}
