import { type Batch, BATCH_ROWS, type Vector } from "../../vectors/vector.ts";
import { gather, valueAt } from "../../vectors/gather.ts";
import { wholeVector } from "../../vectors/value_vector.ts";

/** How a column of a scan comes from points and their series. */
export type PointSource =
  /** A column of points, by its number among those that are read. */
  | { readonly kind: "point"; readonly at: number; readonly type: "real" | "integer" | "safe integer" }
  /** With a row for each series. */
  | { readonly kind: "series"; readonly vector: Vector };

/** Points become columns that share their numbers. `series`: that of all of them, or of each. */
export function batchOf(
  sources: readonly PointSource[],
  series: number | Int32Array,
  columns: readonly Float64Array[],
  count: number,
): Batch {
  const one = typeof series === "number" ? series : sameIn(series);
  return { count, columns: sources.map(vectorOf) };

  function vectorOf(source: PointSource): Vector {
    if (source.kind === "point") return numbers(source.type, columns[source.at], count);
    const { vector } = source;
    if (vector.kind === "constant") return vector;
    return one === undefined ? gather(vector, series as Int32Array) : { kind: "constant", value: valueAt(vector, one) };
  }
}

/** The number that all of them are; undefined where they are not. */
function sameIn(series: Int32Array): number | undefined {
  const [first] = series;
  if (series[series.length - 1] !== first) return undefined;
  return series.every((one) => one === first) ? first : undefined;
}

function numbers(type: "real" | "integer" | "safe integer", data: Float64Array, count: number): Vector {
  if (type === "integer") return wholeVector(data, count);
  return { kind: "number", type: type === "real" ? "real" : "integer", data };
}

/** Collects points of short series until they are worth a batch. */
export class PointBuffer {
  #series = new Int32Array(BATCH_ROWS);
  #columns: Float64Array[];
  count = 0;

  /** `width`: how many columns of points there are. */
  constructor(readonly width: number) {
    this.#columns = columnsFor(width);
  }

  /** How many points it can still take. */
  get room(): number {
    return BATCH_ROWS - this.count;
  }

  /** Takes points of one series from one row to another, which must fit. */
  add(series: number, columns: readonly Float64Array[], from: number, to: number): void {
    this.#series.fill(series, this.count, this.count + to - from);
    for (let at = 0; at < this.width; at++) copy(columns[at], from, to, this.#columns[at], this.count);
    this.count += to - from;
  }

  /** Takes some points, which must fit. `series`: that of all of them, or of each. */
  addSome(series: number | Int32Array, columns: readonly Float64Array[], rows: Int32Array): void {
    const { count } = this;
    const many = rows.length;
    if (typeof series === "number") this.#series.fill(series, count, count + many);
    else for (let i = 0; i < many; i++) this.#series[count + i] = series[rows[i]];
    for (let at = 0; at < this.width; at++) {
      const [from, to] = [columns[at], this.#columns[at]];
      for (let i = 0; i < many; i++) to[count + i] = from[rows[i]];
    }
    this.count += many;
  }

  /** Gives what it has, and starts again. */
  take(): { readonly series: Int32Array; readonly columns: readonly Float64Array[] } {
    const { count } = this;
    const taken = {
      series: this.#series.subarray(0, count),
      columns: this.#columns.map((column) => column.subarray(0, count)),
    };
    this.#series = new Int32Array(BATCH_ROWS);
    this.#columns = columnsFor(this.width);
    this.count = 0;
    return taken;
  }
}

function columnsFor(width: number): Float64Array[] {
  return Array.from({ length: width }, () => new Float64Array(BATCH_ROWS));
}

/** For few numbers a loop is faster than `set`. */
function copy(from: Float64Array, start: number, end: number, to: Float64Array, at: number): void {
  if (end - start > 64) to.set(start === 0 && end === from.length ? from : from.subarray(start, end), at);
  else for (let row = start; row < end; row++) to[at++] = from[row];
}
