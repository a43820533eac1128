import { type Batch, BATCH_ROWS, type Vector } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import type { CompiledCondition } from "../conditions.ts";
import { coordinateOf } from "../../schema/coordinates.ts";
import { exactData } from "./exact_data.ts";
import type { EventRows } from "./rows.ts";
import type { EventSource } from "./source.ts";
import { gatherEvents, patched } from "./vectors.ts";
import { valueAt } from "../../vectors/gather.ts";
import { eachLine } from "../lines/log_lines.ts";
import { NOTHING, type Scan } from "../scan.ts";
import { ascendingInts, distinctTexts, wholeVector } from "../../vectors/value_vector.ts";
import { getPath, jsonText, valueOf } from "../../values/json_values.ts";

const NULLS: Vector = { kind: "constant", value: null };

/** Makes columns of events, and leaves out those that do not meet the conditions: lines are read of those that are left only. */
export class EventBatches {
  readonly #conditions: readonly CompiledCondition[];
  readonly #all: readonly number[];

  /** `places`: the columns that say what an event belongs to, with a row for each log. */
  constructor(readonly scan: Scan, readonly places: readonly (Vector | undefined)[]) {
    this.#conditions = scan.conditions("rows").map((condition) => scan.compiled([condition])!);
    this.#all = scan.columns.map((_, at) => at);
  }

  /** The columns of the events that meet the conditions. */
  async batch(rows: EventRows): Promise<Batch> {
    const { report } = this.scan.options;
    if (report !== undefined) report.rows += rows.count;
    let left = ascendingInts(rows.count);
    const later: CompiledCondition[] = [];
    for (const condition of this.#conditions) {
      if (this.#needsLines(rows, condition.inputs)) later.push(condition);
      else left = this.#narrowed(rows, left, condition);
    }
    for (const condition of later) {
      left = await this.#read(rows, left, [...condition.inputs]);
      left = this.#narrowed(rows, left, condition);
    }
    left = await this.#read(rows, left, this.#all);
    return { count: left.length, columns: this.#all.map((at) => this.#column(rows, left, at)) };
  }

  #narrowed(rows: EventRows, left: Int32Array, condition: CompiledCondition): Int32Array {
    if (left.length === 0) return left;
    const columns = this.#all.map((at) => condition.inputs.has(at) ? this.#column(rows, left, at) : NOTHING);
    const kept = condition.select({ count: left.length, columns });
    if (kept === undefined || kept.length === left.length) return left;
    return left.length === rows.count ? kept : kept.map((at) => left[at]);
  }

  /** Which rows of a source have to be read for a column: all, none, or those with a 1. */
  #unknown(source: EventSource, at: number): boolean | Uint8Array {
    if (this.places[at] !== undefined) return false;
    const { column, path } = this.scan.columns[at];
    if (column === "event") return source.names() === undefined;
    if (column !== "data") return false;
    return path === undefined || (source.data(at).unknown ?? false);
  }

  #needsLines(rows: EventRows, inputs: ReadonlySet<number>): boolean {
    return rows.sources.some((source) => [...inputs].some((at) => this.#unknown(source, at) !== false));
  }

  /**
   * Reads the lines that some columns need; the rows that are left, because those whose lines are gone are not events.
   */
  async #read(rows: EventRows, left: Int32Array, columns: readonly number[]): Promise<Int32Array> {
    const isNeeded = this.#needed(rows, left, columns);
    if (isNeeded === undefined) return left;
    const { signal, report } = this.scan.options;
    const missing = left.filter((row) => isNeeded[row] === 1 && rows.text(row) === undefined);
    const offsets = rows.sources.map(() => undefined as Float64Array | undefined);
    const logOf = (row: number) => rows.sources[rows.sourceOf(row)].log;
    for (let from = 0; from < missing.length;) {
      const number = logOf(missing[from]);
      let to = from + 1;
      while (to < missing.length && logOf(missing[to]) === number) to++;
      const own = missing.subarray(from, to);
      const { run, name, file } = this.scan.places.snapshot.logs.at(number);
      const { store } = run.run.log(name);
      const places = Float64Array.from(own, (row) => {
        const source = rows.sourceOf(row);
        return (offsets[source] ??= rows.sources[source].offsets())[rows.rowOf(row)];
      });
      const bytes = await eachLine(store, file.path, places, (at, text) => rows.keep(own[at], text), signal);
      if (report !== undefined) report.bytes += bytes;
      from = to;
    }
    return left.filter((row) => isNeeded[row] === 0 || rows.event(row) !== undefined);
  }

  /** 1 for the rows whose lines have to be read; undefined: none. */
  #needed(rows: EventRows, left: Int32Array, columns: readonly number[]): Uint8Array | undefined {
    let needed: Uint8Array | undefined;
    for (const at of columns) {
      const unknown = rows.sources.map((source) => this.#unknown(source, at));
      if (unknown.every((it) => it === false)) continue;
      needed ??= new Uint8Array(rows.count);
      for (const row of left) {
        const own = unknown[rows.sourceOf(row)];
        if (own === true || own !== false && own[rows.rowOf(row)] === 1) needed[row] = 1;
      }
    }
    return needed;
  }

  /** A column of the scan for some rows, the lines of which are read as far as it needs them. */
  #column(rows: EventRows, left: Int32Array, at: number): Vector {
    const ofLogs = this.places[at];
    if (ofLogs !== undefined) {
      return gatherEvents(rows, left, ({ log }) => ({ kind: "constant", value: valueAt(ofLogs, log) }));
    }
    const { column, path } = this.scan.columns[at];
    switch (column) {
      case "line":
        return gatherEvents(rows, left, (source) => ({ kind: "number", type: "integer", data: source.lines() }));
      case "ts": {
        const times = gatherEvents(rows, left, (source) => ({ kind: "number", type: "integer", data: source.ts() }));
        return times.kind === "number" ? wholeVector(times.data, left.length) : times;
      }
      case "event":
        return namesOf(rows, left);
      case "data":
        break;
      default:
        return gatherEvents(rows, left, (source) => {
          const data = source.coordinate(coordinateOf(column)!);
          return data === undefined ? NULLS : { kind: "number", type: "integer", data };
        });
    }
    const data = (row: number) => exactData(rows.text(row)!, rows.event(row)!, path);
    if (path === undefined) return distinctTexts(Array.from(left, (row) => jsonText(data(row))));
    return this.#patched(
      rows,
      left,
      at,
      (source) => source.data(at).vector,
      (row) => valueOf(getPath(data(row), path)),
    );
  }

  /** What the sources know, and for the other rows what their lines say. */
  #patched(
    rows: EventRows,
    left: Int32Array,
    at: number,
    vectorOf: (source: EventSource) => Vector,
    valueOf: (row: number) => Value,
  ): Vector {
    const needed = this.#needed(rows, left, [at]);
    const vector = gatherEvents(rows, left, vectorOf);
    if (needed === undefined) return vector;
    const places = Array.from(ascendingInts(left.length)).filter((place) => needed[left[place]] === 1);
    return patched(vector, left.length, places, places.map((place) => valueOf(left[place])));
  }
}

/** The names of some events, of which the lines are read where only they know. */
function namesOf(rows: EventRows, left: Int32Array): Vector {
  const names = rows.sources.map((source) => source.names());
  if (names.every((name) => typeof name === "string")) {
    return gatherEvents(rows, left, (source) => ({ kind: "constant", value: source.names() as string }));
  }
  return distinctTexts(Array.from(left, (row) => {
    const name = names[rows.sourceOf(row)];
    return typeof name === "string" ? name : name === undefined ? rows.nameInLine(row)! : name(rows.rowOf(row));
  }));
}

/** Rows of one group that are worth a batch of their own: its columns are then not copied. */
export const LONG = BATCH_ROWS / 4;
/** A batch of one group has at most so many rows. */
export const MAX_BATCH_ROWS = BATCH_ROWS * 2;
