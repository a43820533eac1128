import type { ArrivalTimes } from "../../../index/arrivals.ts";
import { NONE } from "../../../index/pack/pack_footer.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import { columnRange } from "../column_range.ts";
import { coordinateColumn, coordinateOf } from "../../schema/coordinates.ts";
import type { ScanColumn } from "../../plan/plan.ts";

/** Stands before the key of another series of the same events. */
const BESIDE = "beside:";

/**
 * What a scan of `points` gives beside the columns that can be asked for: the number that the event of a point has under another
 * key; NULL where it has none.
 */
export function besideColumn(key: string): ScanColumn {
  return { table: "points", column: BESIDE + key };
}

/**
 * A column of the points of a series in one part of its log, by its name in `points`: NaN is NULL. It must not be changed.
 *
 * @param at The row of the series in the directory of the pack. @param arrived When lines without a time arrived.
 */
export function pointColumn(
  pack: Pack,
  at: number,
  arrived: ArrivalTimes | undefined,
  name: string,
): Float64Array {
  const { series, groups } = pack.directory;
  const count = series.count[at];
  const group = series.group[at];
  if (name === "value") return pack.column(series.values[at]);
  const base = series.base[at];
  if (name === "idx") return countedFrom(base, count);
  const rows = series.rows[at] === NONE ? undefined : pack.column(series.rows[at]);
  if (name === "ts") {
    return ofRows(arrived === undefined ? pack.column(groups.ts[group]) : arrived.fill(pack, group), rows, count);
  }
  if (name.startsWith(BESIDE)) return besideOf(pack, at, rows, name.slice(BESIDE.length));
  if (name !== "step") {
    const column = coordinateColumn(pack, group, coordinateOf(name)!);
    return column === undefined ? new Float64Array(count).fill(NaN) : ofRows(pack.column(column), rows, count);
  }
  const steps = ofRows(pack.column(groups.step[group]), rows, count);
  const isWhole = columnRange(pack, groups.step[group]) !== undefined || !hasNaN(steps);
  return isWhole ? steps : withIndex(steps, base);
}

/** The columns of a pack that {@linkcode pointColumn} will read. */
export function columnsToRead(
  pack: Pack,
  at: number,
  arrived: ArrivalTimes | undefined,
  names: readonly string[],
  into: Set<number>,
): void {
  const { series, groups } = pack.directory;
  const group = series.group[at];
  for (const name of names) {
    if (name === "idx") continue;
    if (name === "value") {
      into.add(series.values[at]);
      continue;
    }
    if (name === "step") into.add(groups.step[group]);
    else if (name === "ts") into.add(groups.ts[group]);
    else if (name.startsWith(BESIDE)) {
      const other = seriesBeside(pack, group, name.slice(BESIDE.length));
      if (other === undefined) continue;
      into.add(series.values[other]);
      if (series.rows[other] !== NONE) into.add(series.rows[other]);
    } else {
      const column = coordinateColumn(pack, group, coordinateOf(name)!);
      if (column !== undefined) into.add(column);
    }
    if (name === "ts" && arrived !== undefined) into.add(groups.offset[group]);
    if (series.rows[at] !== NONE) into.add(series.rows[at]);
  }
}

/** The series of a group that has a key. */
function seriesBeside({ directory }: Pack, group: number, key: string): number | undefined {
  const { series, groups, strings } = directory;
  for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
    if (strings[series.path[at]] === key) return at;
  }
}

/** The numbers that the events of a series have under another key. */
function besideOf(pack: Pack, at: number, rows: Float64Array | undefined, key: string): Float64Array {
  const { series, groups } = pack.directory;
  const group = series.group[at];
  const other = seriesBeside(pack, group, key);
  if (other === undefined) return new Float64Array(series.count[at]).fill(NaN);
  const values = pack.column(series.values[other]);
  let all = values;
  if (series.rows[other] !== NONE) {
    const theirs = pack.column(series.rows[other]);
    all = new Float64Array(groups.count[group]).fill(NaN);
    for (let i = 0; i < values.length; i++) all[theirs[i]] = values[i];
  }
  return ofRows(all, rows, series.count[at]);
}

function countedFrom(base: number, count: number): Float64Array {
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at++) numbers[at] = base + at;
  return numbers;
}

function ofRows(all: Float64Array, rows: Float64Array | undefined, count: number): Float64Array {
  if (rows === undefined) return all.length === count ? all : all.subarray(0, count);
  const column = new Float64Array(count);
  for (let at = 0; at < count; at++) column[at] = all[rows[at]];
  return column;
}

function hasNaN(numbers: Float64Array): boolean {
  for (let at = 0; at < numbers.length; at++) if (numbers[at] !== numbers[at]) return true;
  return false;
}

/** An event without a step has the index of the point as its step. */
function withIndex(steps: Float64Array, base: number): Float64Array {
  const column = steps.slice();
  for (let at = 0; at < column.length; at++) if (column[at] !== column[at]) column[at] = base + at;
  return column;
}
