import { numbersOf } from "../columns/operators/aggregate/accumulator.ts";
import type { Vector } from "../vectors/vector.ts";
import type { Scalar, ScanColumn } from "../plan/plan.ts";
import { valueAt } from "../vectors/gather.ts";
import { besideColumn } from "../tables/points/columns.ts";
import type { ReadOptions, TableReader } from "../plan/table_reader.ts";
import { type Axis, levelsOf } from "./axis.ts";
import { areEqual } from "./equal_columns.ts";
import { type ChosenSeries, ofExperiments, PLACE_COLUMNS, placeKey } from "./chosen_series.ts";

/** The points of a series, in the order in which they were logged. */
export interface ReadCurve {
  readonly series: ChosenSeries;
  readonly x: Float64Array;
  readonly values: Float64Array;
  /** The numbers of the events' names, from the left. */
  readonly coordinates: readonly Float64Array[];
}

/** A curve that is being read. */
interface Target extends Omit<ReadCurve, "coordinates"> {
  /** Undefined as long as a coordinate is x, as the last one mostly is: then it takes no room. */
  readonly coordinates: (Float64Array | undefined)[];
  /** Where its columns stand in the scan. */
  readonly xAt: number;
  readonly coordinatesAt: readonly number[];
  readonly axis: Axis;
  /** Since when `relative` counts. */
  start: number;
  length: number;
}

/** Reads the points of some series, each over an axis. `ids`: the experiments that they are of; undefined: all. */
export async function readCurves(
  tables: TableReader,
  chosen: readonly { readonly series: ChosenSeries; readonly axis: Axis }[],
  ids: readonly string[] | undefined,
  options: ReadOptions,
): Promise<ReadCurve[]> {
  const columns: ScanColumn[] = [...PLACE_COLUMNS, "series", "value"].map((column) => ({ table: "points", column }));
  const columnAt = (wanted: ScanColumn) => {
    const at = columns.findIndex((column) => JSON.stringify(column) === JSON.stringify(wanted));
    return at >= 0 ? at : columns.push(wanted) - 1;
  };
  const targets = new Map<string, Target>();
  for (const { series, axis } of chosen) {
    const coordinates = levelsOf(series.event);
    targets.set(`${placeKey(series.place)}\0${series.series}`, {
      series,
      axis,
      x: new Float64Array(series.count),
      values: new Float64Array(series.count),
      // Where x is changed afterwards, none is the same.
      coordinates: coordinates.map(() => axis.kind === "relative" ? new Float64Array(series.count) : undefined),
      xAt: columnAt(columnOf(axis)),
      coordinatesAt: coordinates.map((_, at) => columnAt({ table: "points", column: `c${at}` })),
      start: NaN,
      length: 0,
    });
  }
  const isRelative = chosen.some(({ axis }) => axis.kind === "relative");
  const startAt = isRelative ? columnAt({ table: "runs", column: "created_at" }) : -1;
  const names = [...new Set(chosen.map(({ series }) => series.series))];
  const where: Scalar[] = [
    ...ofExperiments(columns, ids),
    { kind: "in", operand: { kind: "input", index: SERIES_AT }, set: { kind: "values", values: names } },
  ];
  for await (const batch of tables.scan({ kind: "scan", table: "points", columns, where }, options)) {
    const own = batch.columns.slice(0, SERIES_AT + 1);
    const numbers = batch.columns.map((vector, at) => at <= SERIES_AT ? NOTHING : numbersOf(vector, batch.count));
    for (let from = 0; from < batch.count;) {
      const to = endOf(own, from, batch.count);
      const target = targets.get(own.map((vector) => valueAt(vector, from)).join("\0"));
      if (target !== undefined) {
        if (startAt >= 0) target.start = numbers[startAt][from];
        appendPoints(target, numbers, from, to);
      }
      from = to;
    }
  }
  return [...targets.values()].map(finished);
}

const SERIES_AT = PLACE_COLUMNS.length;
const VALUE_AT = SERIES_AT + 1;
const NOTHING = new Float64Array();

function columnOf(axis: Axis): ScanColumn {
  switch (axis.kind) {
    case "step":
      return { table: "points", column: "step" };
    case "time":
    case "relative":
      return { table: "points", column: "ts" };
    case "coordinate":
      return { table: "points", column: `c${axis.at}` };
    case "beside":
      return besideColumn(axis.key);
  }
}

/** The end of the rows that are of the same series as one. */
function endOf(columns: readonly Vector[], from: number, count: number): number {
  let end = count;
  for (const vector of columns) {
    if (vector.kind === "constant") continue;
    let row = from + 1;
    if (vector.kind === "text") {
      const { codes } = vector;
      const code = codes[from];
      while (row < end && codes[row] === code) row++;
    } else {
      const first = valueAt(vector, from);
      while (row < end && valueAt(vector, row) === first) row++;
    }
    end = row;
  }
  return end;
}

function appendPoints(target: Target, numbers: readonly Float64Array[], from: number, to: number): void {
  const { length, xAt, coordinatesAt, coordinates } = target;
  const x = numbers[xAt].subarray(from, to);
  target.x.set(x, length);
  target.values.set(numbers[VALUE_AT].subarray(from, to), length);
  coordinatesAt.forEach((at, i) => {
    const own = numbers[at].subarray(from, to);
    if (coordinates[i] === undefined) {
      if (areEqual(own, x)) return;
      coordinates[i] = new Float64Array(target.x.length);
      coordinates[i].set(target.x.subarray(0, length));
    }
    coordinates[i].set(own, length);
  });
  target.length += to - from;
}

function finished({ series, axis, x, values, coordinates, start, length }: Target): ReadCurve {
  const own = x.subarray(0, length);
  if (axis.kind === "relative") {
    const since = Number.isNaN(start) ? own[0] : start;
    for (let i = 0; i < own.length; i++) own[i] = (own[i] - since) / 1000;
  }
  return {
    series,
    x: own,
    values: values.subarray(0, length),
    coordinates: coordinates.map((column) => column?.subarray(0, length) ?? own),
  };
}
