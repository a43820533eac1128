import { UnsupportedAtRuntime } from "../../columns/fallback.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { Scan } from "../scan.ts";
import type { SeriesTable } from "./series_table.ts";
import { slicesOf } from "../slices.ts";

/** The rows of `metrics`, and of the internal table `series`: one for each series of a log. */
export async function* scanSeries(scan: Scan): AsyncGenerator<Batch> {
  const { table, rows } = await scan.chooseSeries();
  if (scan.columns.some(({ table, column }) => table === "series" && column === "sum")) checkSums(table, rows);
  const columns = await Promise.all(scan.columns.map((column) => scan.seriesVector(table, column, rows)));
  yield* slicesOf({ count: rows?.length ?? table.length, columns }, scan);
}

/** A series with infinities of both signs has no sum, and neither has what it is a part of: NULL would be skipped. */
function checkSums(table: SeriesTable, rows: Int32Array | undefined): void {
  const [sums, numbers] = [table.column("sum"), table.column("numbers")];
  if (sums.kind !== "number" || numbers.kind !== "number") return;
  const count = rows?.length ?? table.length;
  for (let at = 0; at < count; at++) {
    const row = rows === undefined ? at : rows[at];
    if (sums.data[row] !== sums.data[row] && numbers.data[row] > 0) {
      throw new UnsupportedAtRuntime("a series with infinities of both signs");
    }
  }
}
