import { NONE, NUMBERS, ODD_NAMES, ONE_WORD, TOO_MANY_LEAVES } from "../pack/pack_footer.ts";
import type { EventPath, PathInPack } from "./event_path.ts";
import { joinLeaves, type LeafVector, NULLS, numbersLeaf, type ReadLeaf, wordsLeaf } from "./leaf_vector.ts";
import type { Pack } from "../pack/pack.ts";
import { Code } from "../encoding/word_table.ts";

export type { LeafVector } from "./leaf_vector.ts";

/** What the events of a group have at a path of their data: one row per event, NULL where they have nothing. */
export interface EventColumn {
  readonly vector: LeafVector;
  /** 1 where the index does not know: the line has to be read. Undefined: nowhere. */
  readonly unknown: Uint8Array | undefined;
}

/** What the events of a group of a pack have at a path of their data. */
export function eventColumn(pack: Pack, group: number, path: EventPath): EventColumn {
  const { groups, parts } = pack.directory;
  const count = groups.count[group];
  if (path.isSpecial || (parts.flags[groups.part[group]] & TOO_MANY_LEAVES) !== 0) {
    return { vector: NULLS, unknown: new Uint8Array(count).fill(1) };
  }
  const found = path.in(pack);
  const unknown = new Unknown(count);
  const exact: { readonly rank: number; readonly leaf: ReadLeaf }[] = [];
  eachLeaf(pack, group, (name, values, rows, kind, series) => {
    if (found.below.has(name)) return unknown.addRows(pack, rows, countOf(pack, kind, series));
    if (kind !== undefined && kind !== NUMBERS && found.above.has(name)) {
      return unknown.addCodes(pack, values, rows, kind, countOf(pack, kind, series));
    }
    const rank = found.exact.indexOf(name);
    if (rank < 0) return;
    const own = rows === NONE ? undefined : pack.column(rows);
    const leaf = kind === undefined || kind === NUMBERS ? numbersLeaf(pack.column(values), own, count) : wordsLeaf(
      pack.words,
      kind === ONE_WORD ? values : pack.column(values),
      own,
      countOf(pack, kind, series),
      count,
    );
    exact.push({ rank, leaf });
    unknown.add(leaf.unknown);
  });
  exact.sort((a, b) => a.rank - b.rank);
  // A number and a word at one path are never in one row.
  const areApart = exact.every(({ rank }) => rank === exact[0].rank);
  return { vector: joinLeaves(exact.map(({ leaf }) => leaf), count, areApart), unknown: unknown.rows };
}

/**
 * Between what the values at a path are, where all of them are numbers of one series that the index knows exactly (NULL
 * aside); NaN if there is none. Undefined if they may be something else.
 */
export function eventRange(
  pack: Pack,
  group: number,
  path: EventPath,
): { readonly from: number; readonly to: number } | undefined {
  const { groups, parts, series } = pack.directory;
  if (path.isSpecial || (parts.flags[groups.part[group]] & TOO_MANY_LEAVES) !== 0) return undefined;
  const found = path.in(pack);
  let range: { from: number; to: number } | undefined = { from: NaN, to: NaN };
  let isSet = false;
  eachLeaf(pack, group, (name, _values, _rows, kind, at) => {
    if (!isAbout(found, name)) return;
    const isOther = kind !== undefined || !found.exact.includes(name) || isSet;
    range = isOther ? undefined : { from: series.min[at], to: series.max[at] };
    isSet = true;
  });
  return range !== undefined && !(range.to >= MAX_SAFE || range.from <= -MAX_SAFE) ? range : undefined;
}

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** The columns of a pack that {@linkcode eventColumn} will read: to be fetched at once. */
export function columnsFor(pack: Pack, group: number, path: EventPath): number[] {
  const found = path.in(pack);
  const columns: number[] = [];
  eachLeaf(pack, group, (name, values, rows, kind) => {
    if (!isAbout(found, name)) return;
    if (rows !== NONE) columns.push(rows);
    if (kind !== ONE_WORD) columns.push(values);
  });
  return columns;
}

/** A coordinate of the names of a group's events, from the left; undefined where they have fewer, or it is not kept. */
export function coordinateOf(pack: Pack, group: number, coordinate: number): Float64Array | undefined {
  const column = coordinateColumn(pack, group, coordinate);
  return column === undefined ? undefined : pack.column(column);
}

/** The column of a pack that holds a coordinate. */
export function coordinateColumn(pack: Pack, group: number, coordinate: number): number | undefined {
  const { groups, coordinates } = pack.directory;
  const at = groups.coordinatesFrom[group] + coordinate;
  return at < groups.coordinatesTo[group] ? coordinates.values[at] : undefined;
}

/**
 * The name that all events of a group have, or the column with the name of each; undefined where the index does not
 * know how they are written.
 */
export function eventNames(pack: Pack, group: number): string | ((row: number) => string) | undefined {
  const { groups, strings } = pack.directory;
  const segments = strings[groups.pattern[group]].split("/");
  const stars = segments.flatMap((segment, at) => segment === "*" ? [at] : []);
  const written = segments.map((segment) => segment.replace(/\\(.)/gs, "$1"));
  if (stars.length === 0) return written.join("/");
  if ((groups.flags[group] & ODD_NAMES) !== 0) return undefined;
  const columns = stars.map((_, at) => coordinateOf(pack, group, at)!);
  return (row) => {
    for (let at = 0; at < stars.length; at++) written[stars[at]] = String(columns[at][row]);
    return written.join("/");
  };
}

type OnLeaf = (
  name: number,
  values: number,
  rows: number,
  /** Undefined: a series. */
  kind: number | undefined,
  /** Its row among the series or the leaves. */
  at: number,
) => void;

function eachLeaf({ directory }: Pack, group: number, on: OnLeaf): void {
  const { groups, series, leaves } = directory;
  for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
    on(series.path[at], series.values[at], series.rows[at], undefined, at);
  }
  for (let at = groups.leavesFrom[group]; at < groups.leavesTo[group]; at++) {
    on(leaves.path[at], leaves.values[at], leaves.rows[at], leaves.kind[at], at);
  }
}

function isAbout({ exact, below, above }: PathInPack, name: number): boolean {
  return exact.includes(name) || below.has(name) || above.has(name);
}

function countOf({ directory }: Pack, kind: number | undefined, at: number): number {
  return (kind === undefined ? directory.series : directory.leaves).count[at];
}

/** The rows that the index does not know. */
class Unknown {
  rows: Uint8Array | undefined;

  constructor(readonly count: number) {}

  addRows(pack: Pack, rows: number, count: number): void {
    this.rows ??= new Uint8Array(this.count);
    if (rows === NONE) this.rows.fill(1, 0, count);
    else for (const row of pack.column(rows)) this.rows[row] = 1;
  }

  /** Where words stand for what is not taken apart. */
  addCodes(pack: Pack, values: number, rows: number, kind: number, count: number): void {
    if (kind === ONE_WORD) return values === Code.Line ? this.addRows(pack, rows, count) : undefined;
    const codes = pack.column(values);
    const own = rows === NONE ? undefined : pack.column(rows);
    for (let i = 0; i < codes.length; i++) {
      if (codes[i] !== Code.Line) continue;
      this.rows ??= new Uint8Array(this.count);
      this.rows[own === undefined ? i : own[i]] = 1;
    }
  }

  add(rows: Uint8Array | undefined): void {
    if (rows === undefined) return;
    if (this.rows === undefined) this.rows = rows;
    else for (let row = 0; row < rows.length; row++) this.rows[row] |= rows[row];
  }
}
