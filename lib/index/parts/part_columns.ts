import { Float64Builder } from "../encoding/float64_builder.ts";

/** The values at one path of the data of a group's events. */
export interface LeafColumns {
  /** `grad.norm`: of a series, the part of its key behind the colon. */
  readonly path: string;
  /** Numbers, or codes of words. */
  readonly values: Float64Builder;
  /** The rows of the group that have a value; undefined where each of the first has one. */
  rows: Float64Builder | undefined;
}

/** Leaves that are words: texts, booleans, null and the like. */
export interface WordColumns extends LeafColumns {
  /** Bytes of words that were new here, of which a leaf may have so many. */
  spent: number;
}

/**
 * The events of a part of a log whose names have one pattern; one row per event. Times and steps that are not there are
 * NaN.
 */
export interface Group {
  readonly pattern: string;
  readonly ts: Float64Builder;
  readonly step: Float64Builder;
  /** From 0 in the part. */
  readonly line: Float64Builder;
  /** Bytes from the start of the part. */
  readonly offset: Float64Builder;
  /** The first coordinates of the names, from the left. */
  readonly coordinates: readonly Float64Builder[];
  /** Whether pattern and coordinates do not say how every name is written. */
  hasOddNames: boolean;
  readonly series: Map<string, LeafColumns>;
  /** Numbers that are not points. */
  readonly numbers: Map<string, LeafColumns>;
  readonly words: Map<string, WordColumns>;
}

/** So many coordinates of a name are columns. */
export const MAX_COORDINATES = 8;

/** A line that is not an event. */
export interface BadLine {
  /** From 0 in the part. */
  readonly line: number;
  /** Bytes from the start of the part. */
  readonly offset: number;
  readonly message: string;
}

export function newGroup(pattern: string): Group {
  const [ts, step, line, offset] = Array.from({ length: 4 }, () => new Float64Builder());
  const stars = coordinatesIn(pattern);
  return {
    pattern,
    ts,
    step,
    line,
    offset,
    coordinates: Array.from({ length: Math.min(stars, MAX_COORDINATES) }, () => new Float64Builder()),
    hasOddNames: stars > MAX_COORDINATES,
    series: new Map(),
    numbers: new Map(),
    words: new Map(),
  };
}

/** How many coordinates the names of a pattern have. */
export function coordinatesIn(pattern: string): number {
  return pattern.includes("*") ? pattern.split("/").filter((segment) => segment === "*").length : 0;
}

export function newLeaf(path: string): LeafColumns {
  return { path, values: new Float64Builder(), rows: undefined };
}

/** Adds a value of a row of the group. */
export function pushLeaf(leaf: LeafColumns, row: number, value: number): void {
  if (leaf.rows !== undefined) leaf.rows.push(row);
  else if (leaf.values.length !== row) {
    leaf.rows = firstRows(leaf.values.length);
    leaf.rows.push(row);
  }
  leaf.values.push(value);
}

/** The numbers of the first rows. */
export function firstRows(count: number): Float64Builder {
  const rows = new Float64Builder();
  for (let row = 0; row < count; row++) rows.push(row);
  return rows;
}

/** Forgets the rows of a group, but not what leaves there are. */
export function emptyGroup(group: Group): void {
  for (const column of [group.ts, group.step, group.line, group.offset, ...group.coordinates]) column.length = 0;
  group.hasOddNames = coordinatesIn(group.pattern) > MAX_COORDINATES;
  for (const leaves of [group.series, group.numbers, group.words]) {
    for (const leaf of leaves.values()) {
      leaf.values.length = 0;
      leaf.rows = undefined;
    }
  }
  for (const leaf of group.words.values()) leaf.spent = 0;
}
