import { NthBest } from "../nth_best.ts";
import type { Scan } from "../scan.ts";
import type { SeriesTable } from "../series/series_table.ts";

/** For more rows than this it is not worth it. */
const MAX_ROWS = 100_000;

/**
 * Of an order by `value` with a limit, the series of which a point can be among the first rows: the best value of each series is
 * one of its points, so the n-th of these is a bound for all.
 *
 * Condition: no point of a series is left out by a condition.
 */
export function topSeries(
  { plan: { top, columns }, ...scan }: TopScope,
  table: SeriesTable,
  rows: Int32Array,
): Int32Array {
  if (top === undefined || top.count < 1 || top.count > MAX_ROWS || scan.hasConditions) return rows;
  const { table: of, column } = columns[top.column];
  if (of !== "points" || column !== "value") return rows;
  const best = table.column(top.descending ? "max" : "min");
  const [numbers, counts] = [table.column("numbers"), table.column("count")];
  if (best.kind !== "number" || numbers.kind !== "number" || counts.kind !== "number") return rows;
  const nth = new NthBest(top.count, top.descending ? -1 : 1);
  for (let at = 0; at < rows.length; at++) nth.add(best.data[rows[at]]);
  const { bound } = nth;
  if (bound === undefined) return rows;
  return rows.filter((row) => {
    if (top.nullsFirst && numbers.data[row] < counts.data[row]) return true;
    return top.descending ? best.data[row] >= bound : best.data[row] <= bound;
  });
}

/** What decides whether there is a bound. */
interface TopScope {
  readonly plan: Scan["plan"];
  readonly hasConditions: boolean;
}
