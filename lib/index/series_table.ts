import type { ArrivalTimes } from "./arrivals.ts";
import { NONE } from "./directory.ts";
import type { Pack } from "./pack.ts";
import type { LogRow } from "./rows.ts";

/** The points of a series in one part of its log. */
export interface Chunk {
  readonly pack: Pack;
  /** Rows of the directory. */
  readonly group: number;
  readonly series: number;
}

/** A series of a log, and what its points come down to. */
export interface SeriesRow {
  readonly log: LogRow;
  /** The id of its experiment. */
  readonly exp: string;
  /** The name of its events, with `*` for coordinates. */
  readonly event: string;
  /** `loss` */
  readonly key: string;
  readonly chunks: readonly Chunk[];
  readonly count: number;
  /** Points that are not NaN, and their sum with what rounding took from it. */
  readonly numbers: number;
  readonly sum: number;
  readonly sumError: number;
  readonly first: number;
  readonly last: number;
  /** NaN where there is no number. */
  readonly min: number;
  readonly max: number;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly minStep: number;
  readonly maxStep: number;
}

/** A column of points. */
export type PointColumn = "value" | "step" | "ts" | "idx";

/** The whole key of a series. */
export function seriesKey(row: SeriesRow): string {
  return `${row.event}:${row.key}`;
}

/** A sum with what rounding took from it. Of an infinite sum that is nothing. */
export function totalOf(sum: number, error: number): number {
  return Number.isFinite(error) ? sum + error : sum;
}

/** Every series of some logs, in the order of the logs. Logs with too many series are named in `left`. */
export function seriesOfLogs(logs: readonly LogRow[]): { rows: SeriesRow[]; left: LogRow[] } {
  const rows: SeriesRow[] = [];
  const left: LogRow[] = [];
  for (const log of logs) {
    if (!log.points) continue;
    const { parts } = log;
    if (parts === undefined) {
      left.push(log);
      continue;
    }
    const merged = parts.length > 1 ? new Map<string, number>() : undefined;
    for (const { pack, part } of parts) {
      const { parts, groups, strings } = pack.directory;
      for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
        const event = strings[groups.pattern[group]];
        for (let series = groups.seriesFrom[group]; series < groups.seriesTo[group]; series++) {
          const row = rowOf(log, event, pack, group, series);
          const key = merged && seriesKey(row);
          const at = merged?.get(key!);
          if (at !== undefined) rows[at] = joined(rows[at], row);
          else {
            merged?.set(key!, rows.length);
            rows.push(row);
          }
        }
      }
    }
  }
  return { rows, left };
}

function rowOf(log: LogRow, event: string, pack: Pack, group: number, at: number): SeriesRow {
  const { series, strings } = pack.directory;
  return {
    log,
    exp: log.run.exp.experiment.id,
    event,
    key: strings[series.path[at]],
    chunks: [{ pack, group, series: at }],
    count: series.count[at],
    numbers: series.numbers[at],
    sum: series.sum[at],
    sumError: series.sumError[at],
    first: series.first[at],
    last: series.last[at],
    min: series.min[at],
    max: series.max[at],
    firstStep: series.firstStep[at],
    lastStep: series.lastStep[at],
    minStep: series.minStep[at],
    maxStep: series.maxStep[at],
  };
}

function joined(a: SeriesRow, b: SeriesRow): SeriesRow {
  const sum = a.sum + b.sum;
  const lost = Math.abs(a.sum) > Math.abs(b.sum) ? (a.sum - sum) + b.sum : (b.sum - sum) + a.sum;
  const less = a.numbers === 0 ? b.numbers > 0 : b.min < a.min;
  const more = a.numbers === 0 ? b.numbers > 0 : b.max > a.max;
  return {
    ...a,
    chunks: [...a.chunks, ...b.chunks],
    count: a.count + b.count,
    numbers: a.numbers + b.numbers,
    sum,
    sumError: a.sumError + b.sumError + lost,
    last: b.last,
    lastStep: b.lastStep,
    min: less ? b.min : a.min,
    minStep: less ? b.minStep : a.minStep,
    max: more ? b.max : a.max,
    maxStep: more ? b.maxStep : a.maxStep,
  };
}

/** The points of a series, a column, part by part. Times and values that are not there are NaN.
 * The time of an event that has none is that of its arrival, where the snapshot has it. */
export function* columnsOf(
  { chunks, log }: Pick<SeriesRow, "chunks" | "log">,
  names: readonly PointColumn[],
): Generator<{ readonly count: number; readonly columns: readonly Float64Array[] }> {
  for (const { pack, group, series } of chunks) {
    const count = pack.directory.series.count[series];
    yield { count, columns: names.map((name) => columnOf(pack, group, series, name, log.times)) };
  }
}

/** Reads what `columnsOf` will ask for, what lies together at once. */
export function prefetch(
  rows: readonly Pick<SeriesRow, "chunks" | "log">[],
  names: readonly PointColumn[],
): void {
  const wanted = new Map<Pack, Set<number>>();
  for (const { chunks, log } of rows) {
    for (const { pack, group, series } of chunks) {
      let columns = wanted.get(pack);
      if (columns === undefined) wanted.set(pack, columns = new Set());
      const { directory } = pack;
      for (const name of names) {
        if (name === "value") columns.add(directory.series.values[series]);
        else if (name !== "idx") columns.add(directory.groups[name][group]);
      }
      if (log.times !== undefined && names.includes("ts")) columns.add(directory.groups.offset[group]);
      const rows = directory.series.rows[series];
      if (rows !== NONE && names.some((name) => name === "step" || name === "ts")) columns.add(rows);
    }
  }
  for (const [pack, columns] of wanted) pack.prefetch([...columns]);
}

function columnOf(
  pack: Pack,
  group: number,
  at: number,
  name: PointColumn,
  times: ArrivalTimes | undefined,
): Float64Array {
  const { series, groups } = pack.directory;
  const count = series.count[at];
  if (name === "value") return pack.column(series.values[at]);
  const base = series.base[at];
  if (name === "idx") return Float64Array.from({ length: count }, (_, i) => base + i);
  const all = name === "ts" && times !== undefined ? times.fill(pack, group) : pack.column(groups[name][group]);
  const rows = series.rows[at] === NONE ? undefined : pack.column(series.rows[at]);
  if (rows === undefined && (name === "ts" || isWhole(all))) return all.length === count ? all : all.subarray(0, count);
  const column = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = all[rows === undefined ? i : rows[i]];
    column[i] = value === value || name === "ts" ? value : base + i;
  }
  return column;
}

/** Whether no event of a group lacks a step: then the column can be used as it is. */
function isWhole(steps: Float64Array): boolean {
  let whole = wholeSteps.get(steps);
  if (whole === undefined) {
    whole = true;
    for (let i = 0; i < steps.length && whole; i++) whole = steps[i] === steps[i];
    wholeSteps.set(steps, whole);
  }
  return whole;
}

const wholeSteps = new WeakMap<Float64Array, boolean>();
