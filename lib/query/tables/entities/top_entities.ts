import { NthBest } from "../nth_best.ts";
import type { EntityTable } from "./entities.ts";
import type { Scan } from "../scan.ts";

/** For more rows than this it is not worth it. */
const MAX_ROWS = 10_000;

/**
 * Of an order by a column of numbers with a limit, the experiments, runs or logs that can be among the first: all other columns
 * are then made for those alone.
 */
export async function topEntities(
  scan: Scan,
  place: EntityTable,
  rows: Int32Array | undefined,
): Promise<Int32Array | undefined> {
  const { top, columns } = scan.plan;
  const of = rows?.length ?? scan.places.count(place);
  if (top === undefined || columns.length === 1 || top.count < 1 || top.count > MAX_ROWS || top.count >= of) {
    return rows;
  }
  const vector = await scan.placeVector(columns[top.column], place, rows);
  if (vector.kind !== "number") return rows;
  const { data } = vector;
  const sign = top.descending ? -1 : 1;
  const nth = new NthBest(top.count, sign);
  for (let at = 0; at < of; at++) nth.add(data[at]);
  const { bound } = nth;
  if (bound === undefined) return rows;
  const kept = new Int32Array(of);
  let count = 0;
  for (let at = 0; at < of; at++) {
    const number = data[at];
    if (number !== number ? top.nullsFirst : sign * number <= sign * bound) kept[count++] = rows?.[at] ?? at;
  }
  return kept.subarray(0, count);
}
