import type { Rows } from "../../snapshot/rows/rows.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import type { Vector } from "../../vectors/vector.ts";
import type { ScanColumn } from "../../plan/plan.ts";
import { experimentFact } from "./experiment_facts.ts";
import { EXPERIMENTS } from "./experiments.ts";
import { append } from "../../vectors/concatenate.ts";
import { gather } from "../../vectors/gather.ts";
import { LOGS } from "./logs.ts";
import { columnOfJson, columnOfRows } from "./row_columns.ts";
import { RUNS } from "./runs.ts";
import { distinctTexts, vectorOfValues } from "../../vectors/value_vector.ts";
import { wholeValue } from "../../values/json_values.ts";

/** What a row belongs to; each belongs to one of each before it. */
export type EntityTable = "experiments" | "runs" | "logs";

/**
 * The experiments, runs and logs of a snapshot as columns, each made when it is first asked for: a loop over an array is many
 * times as fast as one over objects.
 */
export class Entities {
  readonly #columns = new Map<string, Promise<Vector>>();
  /** The experiment of each run, and the run of each log, by their numbers. */
  readonly expOfRun: Int32Array;
  readonly runOfLog: Int32Array;
  #expOfLog: Int32Array | undefined;

  /** `parts`: of the same experiments and runs, the first ones and the others; what was made for the first ones serves again. */
  constructor(readonly snapshot: Snapshot, readonly parts?: readonly [first: Entities, others: Entities]) {
    this.expOfRun = snapshot.runs.owners;
    this.runOfLog = snapshot.logs.owners;
  }

  /** How many there are. */
  count(place: EntityTable): number {
    return this.snapshot[place].length;
  }

  /** The experiment of each log. */
  get expOfLog(): Int32Array {
    return this.#expOfLog ??= this.runOfLog.map((run) => this.expOfRun[run]);
  }

  /** A column with one row per experiment, run or log. */
  column(column: ScanColumn): Promise<Vector> {
    const key = keyOf(column);
    let made = this.#columns.get(key);
    if (made === undefined) this.#columns.set(key, made = this.#ofParts(column) ?? this.#make(column));
    return made;
  }

  /** A column as that of the parts. */
  #ofParts(column: ScanColumn): Promise<Vector> | undefined {
    const { parts } = this;
    if (parts === undefined || column.table === "logs" || column.column === AGE) return undefined;
    const [first, others] = parts.map(async (part) => await part.column(column));
    const [count, more] = parts.map((part) => part.count(column.table as EntityTable));
    return Promise.all([first, others]).then(([a, b]) => append(a, count, b, more));
  }

  /** The same column with one row per row of a table further down, or for some of them. */
  async columnOf(
    column: ScanColumn & { readonly table: EntityTable },
    place: EntityTable,
    rows?: Int32Array,
  ): Promise<Vector> {
    const { table } = column;
    const isFew = rows !== undefined && rows.length * FEW < this.count(table);
    if (!isFew || this.#columns.has(keyOf(column))) return this.spread(await this.column(column), table, place, rows);
    const of = this.#numbersOf(table, place);
    return await this.#make(column, of === undefined ? rows : rows.map((row) => of[row]));
  }

  /** A column of one place with one row per row of a place further down, or for some of them. */
  spread(vector: Vector, from: EntityTable, to: EntityTable, rows?: Int32Array): Vector {
    const of = this.#numbersOf(from, to);
    if (of === undefined) return rows === undefined ? vector : gather(vector, rows);
    return gather(vector, rows === undefined ? of : rows.map((row) => of[row]));
  }

  /** The row of one place that each row of a place further down belongs to; undefined where they are the same. */
  #numbersOf(from: EntityTable, to: EntityTable): Int32Array | undefined {
    if (from === to) return undefined;
    return to === "runs" ? this.expOfRun : from === "runs" ? this.runOfLog : this.expOfLog;
  }

  async #make({ table, column, path }: ScanColumn, rows?: Int32Array): Promise<Vector> {
    const { experiments, runs, logs } = this.snapshot;
    const short = rows === undefined ? await this.#short(table as EntityTable, column) : undefined;
    if (short !== undefined) return short;
    if (table === "experiments" && column === "params") {
      const numberAt = (at: number) => rows === undefined ? at : rows[at];
      const paramsAt = (at: number) => experiments.params(numberAt(at));
      const placeAt = (at: number) => EXPERIMENTS.place(experiments.at(numberAt(at)));
      return await columnOfJson(rows?.length ?? experiments.length, paramsAt, placeAt, column, path);
    }
    const some = <Row>(all: Rows<Row>) => rows === undefined ? all : Array.from(rows, (row) => all.at(row));
    if (table === "runs") return await columnOfRows(RUNS, some(runs), column, path);
    if (table === "logs") return await columnOfRows(LOGS, some(logs), column, path);
    if (Object.hasOwn(EXPERIMENTS.columns, column) || Object.hasOwn(EXPERIMENTS.families, column)) {
      return await columnOfRows(EXPERIMENTS, some(experiments), column, path);
    }
    // It has to be made whole anyway.
    if (rows !== undefined) return gather(await this.column({ table, column, path }), rows);
    return await experimentFact(this.snapshot, this.expOfRun, column, path);
  }

  /** A whole column for which no rows have to be made. */
  async #short(table: EntityTable, column: string): Promise<Vector | undefined> {
    const { experiments, runs } = this.snapshot;
    if (column === "exp" && table !== "experiments") {
      return this.spread(await this.column({ table: "experiments", column }), "experiments", table);
    }
    if (column === "run" && table === "logs") {
      return this.spread(await this.column({ table: "runs", column }), "runs", table);
    }
    if (column === "run" && table === "runs") return distinctTexts(runs.ids());
    if (table !== "experiments") return undefined;
    if (column === "exp" || column === "id") return distinctTexts(experiments.ids());
    if (column !== "created_at") return undefined;
    return vectorOfValues(Array.from({ length: experiments.length }, (_, at) => wholeValue(experiments.createdAt(at))));
  }
}

/** The only column that changes while nothing else does. */
const AGE = "age_ms";

/** Of fewer rows than one in so many, a column is made for them alone, and not kept. */
const FEW = 8;

function keyOf({ table, column, path }: ScanColumn): string {
  return JSON.stringify([table, column, path]);
}
