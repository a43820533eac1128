import type { Batch, Vector } from "../columns/vector.ts";
import type { Scalar } from "../plan/scalar.ts";
import { inputsOf } from "../plan/scalars.ts";
import type { CompiledCondition } from "./conditions.ts";
import { coordinateOf } from "./coordinates.ts";
import { exactData } from "./event_data.ts";
import type { EventRows } from "./event_rows.ts";
import { gather } from "./gather.ts";
import { placeColumn } from "./levels.ts";
import { eachLine } from "./log_lines.ts";
import { NOTHING, type Scan } from "./scan.ts";
import { countUp, distinctTexts, vectorOfValues, wholeVector } from "./value_vector.ts";
import { dig, jsonText, valueOf } from "./values.ts";

/** What has to be known of an event for a column or a condition. */
type Stage = "place" | "name" | "data";

/** Makes columns of events, and leaves out those that do not meet the conditions: lines are read of those that are left only. */
export class EventStages {
  readonly #conditions: Readonly<Record<Stage, CompiledCondition | undefined>>;
  readonly #stages: readonly Stage[];
  /** The names that stand in no line but in the index. */
  readonly names: string[] = [];
  #words: readonly string[] = [];
  readonly #codes = new Map<string, number>();

  /** `places`: the columns that say what an event belongs to, with a row for each log. */
  constructor(readonly scan: Scan, readonly places: readonly (Vector | undefined)[]) {
    this.#stages = scan.columns.map((column) => {
      if (placeColumn(column) !== undefined) return "place";
      return column.column === "data" ? "data" : column.column === "event" ? "name" : "place";
    });
    const conditions = Map.groupBy(scan.conditions("rows"), (condition) => this.#stageOf(condition));
    const compiled = (stage: Stage) => scan.compiled(conditions.get(stage) ?? []);
    this.#conditions = { place: compiled("place"), name: compiled("name"), data: compiled("data") };
  }

  /** The number of a name. */
  code(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) this.#codes.set(name, code = this.names.push(name) - 1);
    return code;
  }

  /** The columns of the events that meet the conditions. */
  async batch(rows: EventRows): Promise<Batch> {
    const { report } = this.scan.options;
    if (report !== undefined) report.rows += rows.count;
    let left = this.#narrowed(rows, countUp(rows.count), "place");
    if (this.#stages.includes("name")) {
      await this.#read(rows, left.filter((row) => rows.source[row]?.isOdd === true));
      left = left.filter((row) => this.#nameOf(rows, row) !== undefined);
      left = this.#narrowed(rows, left, "name");
    }
    if (this.#stages.includes("data")) {
      await this.#read(rows, left);
      left = left.filter((row) => rows.event(row, this.#version(rows, row)) !== undefined);
      left = this.#narrowed(rows, left, "data");
    }
    return { count: left.length, columns: this.#stages.map((_, at) => this.#column(rows, left, at)) };
  }

  #stageOf(condition: Scalar): Stage {
    const stages = Array.from(inputsOf(condition), (at) => this.#stages[at]);
    return stages.includes("data") ? "data" : stages.includes("name") ? "name" : "place";
  }

  #narrowed(rows: EventRows, left: Int32Array, stage: Stage): Int32Array {
    const condition = this.#conditions[stage];
    if (condition === undefined || left.length === 0) return left;
    const columns = this.#stages.map((_, at) => condition.inputs.has(at) ? this.#column(rows, left, at) : NOTHING);
    const kept = condition.select({ count: left.length, columns });
    return kept === undefined ? left : kept.map((at) => left[at]);
  }

  /** Reads the lines of some rows that were not read yet. */
  async #read(rows: EventRows, wanted: Int32Array): Promise<void> {
    const { signal, report } = this.scan.options;
    const missing = wanted.filter((row) => rows.text(row) === undefined);
    for (let from = 0; from < missing.length;) {
      const number = rows.log[missing[from]];
      let to = from + 1;
      while (to < missing.length && rows.log[missing[to]] === number) to++;
      const own = missing.subarray(from, to);
      const { run, name, file } = this.scan.places.snapshot.logs[number];
      const { store } = run.run.log(name);
      const offsets = Float64Array.from(own, (row) => rows.offset[row]);
      const bytes = await eachLine(store, file.path, offsets, (at, text) => rows.keep(own[at], text), signal);
      if (report !== undefined) report.bytes += bytes;
      from = to;
    }
  }

  /** A column of the scan for some rows. */
  #column(rows: EventRows, left: Int32Array, at: number): Vector {
    const ofLogs = this.places[at];
    if (ofLogs !== undefined) return gather(ofLogs, left.map((row) => rows.log[row]));
    const { column, path } = this.scan.columns[at];
    if (column === "line") return { kind: "number", type: "integer", data: numbersOf(rows.line, left) };
    if (column === "ts") return wholeVector(numbersOf(rows.ts, left), left.length);
    if (column === "event") return this.#events(rows, left);
    if (column !== "data") return this.#coordinate(rows, left, coordinateOf(column)!);
    const data = (row: number) => exactData(rows.text(row)!, rows.event(row, this.#version(rows, row))!, path);
    if (path === undefined) return distinctTexts(Array.from(left, (row) => jsonText(data(row))));
    return vectorOfValues(Array.from(left, (row) => valueOf(dig(data(row), path))));
  }

  #events(rows: EventRows, left: Int32Array): Vector {
    const codes = left.map((row) => rows.source[row]?.code ?? -1);
    if (codes.includes(-1)) return distinctTexts(Array.from(left, (row) => this.#nameOf(rows, row)!));
    if (this.#words.length !== this.names.length) this.#words = this.names.slice();
    return { kind: "text", codes, words: this.#words };
  }

  #coordinate(rows: EventRows, left: Int32Array, coordinate: number): Vector {
    const data = new Float64Array(left.length);
    for (let at = 0; at < data.length; at++) data[at] = rows.coordinateOf(left[at], coordinate);
    return { kind: "number", type: "integer", data };
  }

  #nameOf(rows: EventRows, row: number): string | undefined {
    return rows.nameOf(row, this.#version(rows, row));
  }

  #version(rows: EventRows, row: number): 0 | 1 {
    return this.scan.places.snapshot.logs[rows.log[row]].file.version;
  }
}

function numbersOf(column: Float64Array, rows: Int32Array): Float64Array {
  const numbers = new Float64Array(rows.length);
  for (let at = 0; at < numbers.length; at++) numbers[at] = column[rows[at]];
  return numbers;
}
