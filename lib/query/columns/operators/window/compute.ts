import type { WindowFunction } from "../../../plan/plan.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import { gatherOrNull } from "../../../vectors/gather_or_null.ts";
import { compileCondition, compileScalar } from "../../scalar/compile.ts";
import type { Batch, Vector } from "../../../vectors/vector.ts";
import type { OperatorContext } from "../context.ts";
import { extremesOf, sumsOf } from "./aggregates.ts";
import { countsOf } from "./counts.ts";
import { framesOf, type Parts } from "./frames.ts";
import { ranks, rowNumbers, tiles } from "./numbering.ts";
import { positioned, shifted } from "./positions.ts";
import { recomputed } from "./recomputed.ts";

/** What `count(*)` counts. */
const ONE: Vector = { kind: "constant", value: 1n };

/** Functions that are not aggregates. */
const NEVER_FILTERED: ReadonlySet<WindowFunction["name"]> = new Set([
  ...["row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile"] as const,
  ...["lag", "lead", "first_value", "last_value", "nth_value"] as const,
]);

/** The answers of a window function for the sorted rows. */
export async function windowVector(
  { name, args, filter, frame }: WindowFunction,
  sorted: Batch,
  parts: Parts,
  { scalars, yielder }: OperatorContext,
): Promise<Vector> {
  if (filter !== undefined && NEVER_FILTERED.has(name)) throw new UnsupportedAtRuntime(`FILTER with ${name}`);
  const values = args.map((arg) => compileScalar(arg, scalars)(sorted));
  switch (name) {
    case "row_number":
      return rowNumbers(parts);
    case "rank":
    case "dense_rank":
    case "percent_rank":
    case "cume_dist":
      return ranks(name, parts);
    case "ntile":
      return tiles(values[0], parts);
    case "lag":
    case "lead":
      return shifted(name, values, parts);
  }
  const frames = framesOf(frame, parts);
  switch (name) {
    case "first_value":
    case "last_value":
    case "nth_value":
      return positioned(name, values, frames);
  }
  const rowsWhere = filter && compileCondition(filter, scalars)(sorted);
  const whole = values.at(0) ?? ONE;
  const value = rowsWhere === undefined ? whole : only(whole, rowsWhere, sorted.count);
  switch (name) {
    case "count":
      return countsOf(value, frames);
    case "sum":
    case "total":
    case "avg":
      return await sumsOf(name, value, frames, yielder);
    case "min":
    case "max":
      return await extremesOf(name, value, frames, yielder);
  }
  if (name === "any") throw new UnsupportedAtRuntime("any as a window function");
  return await recomputed(name, [value, ...values.slice(1)], frames, yielder);
}

/** NULL in all rows but some. */
function only(vector: Vector, rows: Int32Array, count: number): Vector {
  const places = new Int32Array(count).fill(-1);
  for (let at = 0; at < rows.length; at++) places[rows[at]] = rows[at];
  return gatherOrNull(vector, places);
}
