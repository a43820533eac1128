import { seriesMatcher } from "../../../format/events/series_name.ts";
import { NONE } from "../../../index/pack/pack_footer.ts";
import { isFirst, isGreater, isLast, isLess, meanOf, totalOf } from "../../../index/statistics/rules.ts";
import type { Vector } from "../../vectors/vector.ts";
import { QueryError } from "../../result/query_error.ts";
import type { Statistic } from "../../schema/statistics.ts";
import type { Entities } from "../entities/entities.ts";
import type { SeriesTable } from "./series_table.ts";
import type { SeriesSource } from "./series_source.ts";
import type { ReadOptions } from "../../plan/table_reader.ts";

/** Names that are listed where several are meant. */
const MAX_LISTED = 6;

/** Of what the statistic is wanted. */
export interface StatisticScope {
  readonly places: Entities;
  readonly series: SeriesSource;
  readonly options: ReadOptions;
  /** The experiments; undefined: all. The others get NULL. */
  readonly chosen: Int32Array | undefined;
}

/**
 * What the series of a name come down to in each experiment, over all of its runs: `first` and `last` are by time.
 *
 * @throws {QueryError} Where an experiment has several series of different names that the name means, and the name is not a
 * glob, which means all of them.
 */
export async function statisticColumn(
  { places, series, options, chosen }: StatisticScope,
  statistic: Statistic,
  name: string,
): Promise<Vector> {
  const { table, isAll } = await series.of(chosen && logsOf(places, chosen), options);
  const isChosen = chosen !== undefined && isAll ? new Uint8Array(places.count("experiments")) : undefined;
  if (isChosen !== undefined) { for (const exp of chosen!) isChosen[exp] = 1; }
  const meant = meantSeries(places, table, name, isChosen);
  const count = places.count("experiments");
  switch (statistic) {
    case "first":
    case "last":
      return { kind: "number", type: "real", data: ends(places, table, meant, statistic) };
    case "min":
    case "max": {
      const values = numbers(table, statistic);
      const data = new Float64Array(count).fill(NaN);
      const isBetter = statistic === "min" ? isLess : isGreater;
      for (let at = 0; at < meant.rows.length; at++) {
        const value = values[meant.rows[at]];
        if (isBetter(value, data[meant.exps[at]])) data[meant.exps[at]] = value;
      }
      return { kind: "number", type: "real", data };
    }
    case "count":
      return { kind: "number", type: "integer", data: sums(count, meant, numbers(table, "count")) };
    case "mean": {
      const [sum, error] = [numbers(table, "sum"), numbers(table, "sum_error")];
      const total = sums(count, meant, sum.map((value, row) => totalOf(value, error[row])));
      const many = sums(count, meant, numbers(table, "numbers"));
      return { kind: "number", type: "real", data: total.map((value, exp) => meanOf(value, many[exp])) };
    }
  }
}

/** Series and the experiments that they are of. */
interface SeriesMatch {
  readonly rows: Int32Array;
  readonly exps: Int32Array;
}

/** The series that a name means; in an experiment that has one of exactly that name, that alone. */
function meantSeries(
  places: Entities,
  table: SeriesTable,
  name: string,
  isChosen: Uint8Array | undefined,
): SeriesMatch {
  const keys = table.column("series");
  if (keys.kind !== "text") return { rows: new Int32Array(), exps: new Int32Array() };
  const matches = keys.words.map(seriesMatcher(name));
  const exact = keys.words.indexOf(name);
  const count = places.count("experiments");
  const hasExact = new Uint8Array(count);
  const { expOfLog } = places;
  for (let row = 0; row < table.length; row++) {
    if (keys.codes[row] === exact) hasExact[expOfLog[table.log[row]]] = 1;
  }
  const isGlob = /[*?]/.test(name);
  const codes = new Int32Array(count).fill(-1);
  // Of all experiments: whichever row comes first, the message is the same.
  const several = new Set<number>();
  let isAmbiguous = false;
  const [rows, exps]: [number[], number[]] = [[], []];
  for (let row = 0; row < table.length; row++) {
    const code = keys.codes[row];
    if (!matches[code]) continue;
    const exp = expOfLog[table.log[row]];
    if (isChosen !== undefined && isChosen[exp] === 0 || hasExact[exp] === 1 && code !== exact) continue;
    several.add(code);
    if (codes[exp] < 0) codes[exp] = code;
    else if (codes[exp] !== code) isAmbiguous = true;
    rows.push(row);
    exps.push(exp);
  }
  if (isAmbiguous && !isGlob) throw ambiguous(name, Array.from(several, (code) => keys.words[code]));
  return { rows: Int32Array.from(rows), exps: Int32Array.from(exps) };
}

function ambiguous(name: string, keys: readonly string[]): QueryError {
  const listed = keys.toSorted().slice(0, MAX_LISTED).join(", ") + (keys.length > MAX_LISTED ? ", …" : "");
  return new QueryError(`Cannot tell which series "${name}" means: there are ${listed}; give the whole name`, "");
}

function logsOf(places: Entities, exps: Int32Array): Int32Array {
  const isChosen = new Uint8Array(places.count("experiments"));
  for (const exp of exps) isChosen[exp] = 1;
  const logs: number[] = [];
  places.expOfLog.forEach((exp, log) => isChosen[exp] === 1 && logs.push(log));
  return Int32Array.from(logs);
}

function numbers(table: SeriesTable, name: string): Float64Array {
  const column = table.column(name);
  if (column.kind !== "number") throw new TypeError(`"${name}" is not a column of numbers`);
  return column.data;
}

function sums(count: number, { rows, exps }: SeriesMatch, values: Float64Array): Float64Array {
  const data = new Float64Array(count).fill(NaN);
  const isMet = new Uint8Array(count);
  for (let at = 0; at < rows.length; at++) {
    const exp = exps[at];
    data[exp] = isMet[exp] === 0 ? values[rows[at]] : data[exp] + values[rows[at]];
    isMet[exp] = 1;
  }
  return data;
}

/** The value of the oldest first point, or of the newest last one. Times are read only where there are several. */
function ends(
  places: Entities,
  table: SeriesTable,
  { rows, exps }: SeriesMatch,
  which: "first" | "last",
): Float64Array {
  const values = numbers(table, which);
  const count = places.count("experiments");
  const best = new Int32Array(count).fill(-1);
  const times = new Float64Array(count).fill(NaN);
  for (let at = 0; at < rows.length; at++) {
    const [row, exp] = [rows[at], exps[at]];
    if (best[exp] < 0) {
      best[exp] = row;
      continue;
    }
    if (Number.isNaN(times[exp])) times[exp] = timeOf(table, best[exp], which);
    const time = timeOf(table, row, which);
    if (which === "last" ? isLast(time, times[exp]) : isFirst(time, times[exp])) [best[exp], times[exp]] = [row, time];
  }
  return Float64Array.from(best, (row) => row < 0 ? NaN : values[row]);
}

/** When the first or the last point of a series was logged; if unknown, when its run began. */
function timeOf(table: SeriesTable, row: number, which: "first" | "last"): number {
  const log = table.logs.at(table.log[row]);
  const chunks = table.chunks(row);
  const chunk = which === "first" ? chunks?.[0] : chunks?.at(-1);
  const [pack, series] = chunk === undefined ? [table.pack(row), table.at(row)] : [chunk.pack, chunk.series];
  const { directory } = pack;
  const group = directory.series.group[series];
  const at = which === "first" ? 0 : directory.series.count[series] - 1;
  const rows = directory.series.rows[series];
  const own = rows === NONE ? at : pack.column(rows)[at];
  const times = log.times === undefined ? pack.column(directory.groups.ts[group]) : log.times.fill(pack, group);
  const time = times[own];
  if (!Number.isNaN(time)) return time;
  const { createdAt } = log.run.run;
  return Number.isNaN(createdAt) ? -Infinity : createdAt;
}
