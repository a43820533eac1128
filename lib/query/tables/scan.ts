import type { Statistic } from "../schema/statistics.ts";
import { Yielder } from "../../base/yielder.ts";
import { type CompiledCondition, compiledCondition } from "./conditions.ts";
import type { Batch, Vector } from "../vectors/vector.ts";
import type { Scalar, ScanColumn, ScanPlan } from "../plan/plan.ts";
import { conjunctsOf, inputsOf } from "../plan/scalars.ts";
import { gather } from "../vectors/gather.ts";
import { type Level, levelOfCondition, placeColumn } from "./levels.ts";
import type { Entities, EntityTable } from "./entities/entities.ts";
import type { SeriesTable } from "./series/series_table.ts";
import type { SeriesSource } from "./series/series_source.ts";
import { statisticColumn } from "./series/statistic_column.ts";
import type { ReadOptions } from "../plan/table_reader.ts";

const PLACES: readonly EntityTable[] = ["experiments", "runs", "logs"];

/** One scan of a table: its conditions by what they are about, and the places that they choose. */
export class Scan {
  readonly columns: readonly ScanColumn[];
  readonly yielder: Yielder;
  readonly #conditions = new Map<Level, Scalar[]>();
  /** Statistics of the experiments that were chosen by everything else. */
  readonly #statistics = new Map<string, Vector>();

  constructor(
    readonly plan: ScanPlan,
    readonly places: Entities,
    readonly series: SeriesSource,
    readonly options: ReadOptions,
  ) {
    this.columns = plan.columns;
    this.yielder = new Yielder(options.signal);
    for (const condition of plan.where.flatMap(conjunctsOf)) {
      const level = levelOfCondition(condition, plan.columns);
      const others = this.#conditions.get(level);
      if (others === undefined) this.#conditions.set(level, [condition]);
      else others.push(condition);
    }
  }

  /** The conditions that are about one level, and nothing that differs more. */
  conditions(level: Level): readonly Scalar[] {
    return this.#conditions.get(level) ?? [];
  }

  compiled(conditions: readonly Scalar[]): CompiledCondition | undefined {
    return compiledCondition(conditions);
  }

  /** The experiments, runs or logs that meet the conditions on them, ascending; undefined: all. */
  async choose(until: EntityTable): Promise<Int32Array | undefined> {
    let chosen: Int32Array | undefined;
    for (const place of PLACES.slice(0, PLACES.indexOf(until) + 1)) {
      const conditions = this.conditions(place);
      if (place !== "experiments") {
        chosen = await this.#narrowed(place, conditions, this.#below(place, chosen));
        continue;
      }
      const isOfSeries = (condition: Scalar) =>
        [...inputsOf(condition)].some((at) => this.columns[at].column === "statistic");
      chosen = await this.#narrowed(place, conditions.filter((it) => !isOfSeries(it)), chosen);
      await this.#addStatistics(chosen);
      chosen = await this.#narrowed(place, conditions.filter(isOfSeries), chosen);
    }
    return chosen;
  }

  /** A column with a row for each experiment, run or log, or for some of them. */
  async placeVector(column: ScanColumn, place: EntityTable, rows?: Int32Array): Promise<Vector> {
    const own = placeColumn(column)!;
    const statistic = this.#statistics.get(keyOf(own));
    if (statistic !== undefined) return this.places.spread(statistic, "experiments", place, rows);
    return await this.places.columnOf(own, place, rows);
  }

  /** The series of the logs that meet the conditions, and those of them that do so themselves; undefined: all. */
  async chooseSeries(): Promise<{ readonly table: SeriesTable; readonly rows: Int32Array | undefined }> {
    const logs = await this.choose("logs");
    const { table, isAll } = await this.series.of(logs, this.options);
    let rows: Int32Array | undefined;
    if (isAll && logs !== undefined) rows = rowsOf(table, logs, this.places.count("logs"));
    const test = this.compiled(this.conditions("series"));
    if (test !== undefined) {
      const columns = await this.#only(test.inputs, (column) => this.seriesVector(table, column, rows));
      rows = picked(rows, test.select({ count: rows?.length ?? table.length, columns }));
    }
    const { report } = this.options;
    if (report !== undefined) report.chosen = rows?.length ?? table.length;
    if (report !== undefined && isAll) report.of = table.length;
    return { table, rows };
  }

  /** A column that is the same in each series, with a row for each of the series, or for some of them. */
  async seriesVector(table: SeriesTable, column: ScanColumn, rows?: Int32Array): Promise<Vector> {
    if (placeColumn(column) === undefined) {
      const vector = table.column(column.column);
      return rows === undefined ? vector : gather(vector, rows);
    }
    return await this.placeVector(column, "logs", rows === undefined ? table.log : rows.map((row) => table.log[row]));
  }

  /** The runs of experiments, the logs of runs. */
  #below(place: EntityTable, chosen: Int32Array | undefined): Int32Array | undefined {
    if (chosen === undefined) return undefined;
    const of = place === "runs" ? this.places.expOfRun : this.places.runOfLog;
    const isChosen = new Uint8Array(this.places.count(place === "runs" ? "experiments" : "runs"));
    for (let at = 0; at < chosen.length; at++) isChosen[chosen[at]] = 1;
    const rows = new Int32Array(of.length);
    let count = 0;
    for (let row = 0; row < of.length; row++) if (isChosen[of[row]] === 1) rows[count++] = row;
    return rows.subarray(0, count);
  }

  async #narrowed(
    place: EntityTable,
    conditions: readonly Scalar[],
    chosen: Int32Array | undefined,
  ): Promise<Int32Array | undefined> {
    const test = this.compiled(conditions);
    if (test === undefined) return chosen;
    const columns = await this.#only(test.inputs, (column) => this.placeVector(column, place, chosen));
    return picked(chosen, test.select({ count: chosen?.length ?? this.places.count(place), columns }));
  }

  async #addStatistics(chosen: Int32Array | undefined): Promise<void> {
    for (const column of this.columns) {
      if (column.column !== "statistic" || column.table !== "experiments" || column.path === undefined) continue;
      const key = keyOf(column);
      if (this.#statistics.has(key)) continue;
      const [statistic, name] = column.path;
      const vector = await statisticColumn(
        { places: this.places, series: this.series, options: this.options, chosen },
        statistic as Statistic, // The binder knows no other.
        name,
      );
      this.#statistics.set(key, vector);
    }
  }

  /** The columns of a batch, of which only some are looked at. */
  async #only(
    inputs: ReadonlySet<number>,
    make: (column: ScanColumn) => Promise<Vector>,
  ): Promise<Batch["columns"]> {
    return await Promise.all(this.columns.map((column, at) => inputs.has(at) ? make(column) : NOTHING));
  }
}

/** Stands for a column that nothing looks at. */
export const NOTHING: Vector = { kind: "constant", value: null };

/** Rows of rows. */
function picked(rows: Int32Array | undefined, selection: Int32Array | undefined): Int32Array | undefined {
  if (selection === undefined) return rows;
  return rows === undefined ? selection : selection.map((at) => rows[at]);
}

/** The series of some logs. */
function rowsOf({ log, length }: SeriesTable, logs: Int32Array, of: number): Int32Array {
  const isChosen = new Uint8Array(of);
  for (let at = 0; at < logs.length; at++) isChosen[logs[at]] = 1;
  const rows = new Int32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) if (isChosen[log[row]] === 1) rows[count++] = row;
  return rows.subarray(0, count);
}

function keyOf({ table, column, path }: ScanColumn): string {
  return JSON.stringify([table, column, path]);
}
