import type { QueryValue } from "../result/answer.ts";
import type { Curve, CurveSelector } from "./curve.ts";

/** The columns of curves as rows. */
export interface CurveColumns {
  /** What distinguishes them. */
  readonly labels: readonly string[];
  /** Numbers of the events' names that differ within a curve. */
  readonly coordinates: readonly string[];
  readonly x: string;
  readonly y: readonly string[];
}

/** The columns of curves that a selector gave. */
export function curveColumns(
  { x = "step", groupBy, aggregates = ["mean", "std"] }: CurveSelector,
  curves: readonly Curve[],
): CurveColumns {
  return {
    labels: groupBy === undefined ? ["exp", "run", "log", "series"] : ["series", ...groupBy],
    coordinates: [...new Set(curves.flatMap((curve) => Object.keys(curve.coordinates)))].sort(),
    x,
    y: groupBy === undefined ? ["value"] : aggregates,
  };
}

/** The rows of each curve: one row per point. */
export function* curveRows(
  curves: readonly Curve[],
  { labels, coordinates, y }: CurveColumns,
): Generator<QueryValue[][]> {
  for (const curve of curves) {
    const head = labels.map((name) => curve.labels[name]);
    const numbers = coordinates.map((name) => curve.coordinates[name]);
    yield Array.from(curve.x, (x, at) => {
      const where = numbers.map((column) => column === undefined || Number.isNaN(column[at]) ? null : column[at]);
      return [...head, ...where, x, ...y.map((name) => curve.y[name][at])];
    });
  }
}
