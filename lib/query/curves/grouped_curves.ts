import type { Accumulator } from "../columns/operators/aggregate/accumulator.ts";
import { accumulatorOf } from "../columns/operators/aggregate/make.ts";
import { firstRows, Groups } from "../columns/operators/groups/groups.ts";
import type { Vector } from "../vectors/vector.ts";
import type { QueryValue } from "../result/answer.ts";
import type { Curve, CurveAggregate } from "./curve.ts";

/** A curve, and the values that identify its group. */
export interface Member {
  readonly labels: Readonly<Record<string, QueryValue>>;
  readonly curve: Curve;
}

/** The aggregates as SQL has them. */
const IN_SQL = { mean: "avg", std: "stddev", min: "min", max: "max", count: "count" } as const;

/**
 * One curve for the curves that have the same labels: what their values come down to at each x of each of the other numbers
 * of the events' names. What has no x or no value does not count.
 *
 * @param byX Whether points stand in the order of x, not of the numbers of the events' names.
 */
export function groupedCurves(
  members: readonly Member[],
  aggregates: readonly CurveAggregate[],
  byX: boolean,
): Curve[] {
  const groups = new Map<string, { readonly labels: Member["labels"]; readonly curves: Curve[] }>();
  for (const { labels, curve } of members) {
    const key = JSON.stringify(Object.values(labels).map(textOf));
    let group = groups.get(key);
    if (group === undefined) groups.set(key, group = { labels, curves: [] });
    group.curves.push(curve);
  }
  return [...groups.values()].map(({ labels, curves }) => ({ labels, ...aggregated(curves, aggregates, byX) }));
}

/** A value as a text that no other has; as in SQL, 1 and 1.0 are the same. */
function textOf(value: QueryValue): string {
  if (typeof value === "number" && Number.isInteger(value)) return textOf(BigInt(value));
  return `${typeof value} ${value instanceof Uint8Array ? value.toHex() : String(value)}`;
}

function aggregated(curves: readonly Curve[], names: readonly CurveAggregate[], byX: boolean): Omit<Curve, "labels"> {
  const width = Math.max(...curves.map(({ coordinates }) => Object.keys(coordinates).length));
  const coordinates = Array.from({ length: width }, (_, at) => `c${at}`);
  const groups = new Groups(width + 1);
  const accumulators = names.map((name): Accumulator => accumulatorOf(IN_SQL[name]));
  const keys: number[][] = [...coordinates, "x"].map(() => []);
  for (const { x, y, coordinates: own } of curves) {
    const rows = known(x, y.value);
    const columns = [...coordinates.map((name) => own[name]), x].map((column) => taken(column, rows));
    const before = groups.count;
    const ids = groups.assign(columns.map(real), rows.length);
    const first = firstRows(ids, rows.length, before, groups.count);
    columns.forEach((column, at) => first.forEach((row) => keys[at].push(column[row])));
    const values = real(taken(y.value, rows));
    for (const accumulator of accumulators) accumulator.add([values], rows.length, ids, groups.count);
  }
  const order = orderOf(byX ? [keys[width], ...keys.slice(0, width)] : keys);
  const column = (numbers: ArrayLike<number>) => Float64Array.from(order, (at) => numbers[at]);
  return {
    x: column(keys[width]),
    coordinates: Object.fromEntries(coordinates.map((name, at) => [name, column(keys[at])])),
    y: Object.fromEntries(names.map((name, at) => [name, column(numbersIn(accumulators[at].finish(order.length)))])),
  };
}

/** The rows that have an x and a value. */
function known(x: Float64Array, values: Float64Array): Int32Array {
  const rows = new Int32Array(x.length);
  let count = 0;
  for (let row = 0; row < x.length; row++) {
    if (x[row] === x[row] && values[row] === values[row]) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function taken(column: Float64Array | undefined, rows: Int32Array): Float64Array {
  const some = new Float64Array(rows.length);
  if (column === undefined) return some.fill(NaN);
  for (let at = 0; at < rows.length; at++) some[at] = column[rows[at]];
  return some;
}

function real(data: Float64Array): Vector {
  return { kind: "number", type: "real", data };
}

function numbersIn(vector: Vector): Float64Array {
  if (vector.kind !== "number") throw new TypeError("an aggregate of numbers that is not a number");
  return vector.data;
}

/** The numbers of rows, sorted by some columns; NaN comes first. */
function orderOf(columns: readonly (readonly number[])[]): Int32Array {
  const order = Int32Array.from(columns[0], (_, at) => at);
  return order.sort((a, b) => {
    for (const column of columns) {
      const [x, y] = [column[a], column[b]];
      if (x < y || x !== x && y === y) return -1;
      if (x > y || y !== y && x === x) return 1;
    }
    return 0;
  });
}
