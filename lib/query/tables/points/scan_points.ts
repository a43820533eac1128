import type { Batch } from "../../vectors/vector.ts";
import { coordinateOf } from "../../schema/coordinates.ts";
import { levelOf } from "../levels.ts";
import type { PointSource } from "./buffer.ts";
import { PointScan } from "./point_scan.ts";
import { topSeries } from "./top_series.ts";
import type { Scan } from "../scan.ts";
import type { SeriesTable } from "../series/series_table.ts";
import { countedRows } from "../slices.ts";
import { ascendingInts } from "../../vectors/value_vector.ts";

/** The rows of `points`, in the order of logs, series and points. */
export async function* scanPoints(scan: Scan): AsyncGenerator<Batch> {
  const { table, rows } = await scan.chooseSeries();
  const hasConditions = scan.conditions("rows").length > 0;
  const chosen = topSeries({ plan: scan.plan, hasConditions }, table, rows ?? ascendingInts(table.length));
  if (scan.columns.length === 0) return yield* counted(table, chosen);
  const isAll = chosen.length === table.length;
  const names: string[] = [];
  const sources: PointSource[] = [];
  for (const column of scan.columns) {
    if (levelOf(column) !== "rows") {
      sources.push({ kind: "series", vector: await scan.seriesVector(table, column, isAll ? undefined : chosen) });
      continue;
    }
    let at = names.indexOf(column.column);
    if (at < 0) at = names.push(column.column) - 1;
    sources.push({ kind: "point", at, type: typeOf(column.column) });
  }
  yield* new PointScan(scan, table, chosen, names, sources).batches();
}

function typeOf(name: string): "real" | "integer" | "safe integer" {
  if (name === "ts") return "integer";
  return name === "idx" || coordinateOf(name) !== undefined ? "safe integer" : "real";
}

/** Rows of which nothing is asked but that they are there. */
function* counted(table: SeriesTable, rows: Int32Array): Generator<Batch> {
  const counts = table.column("count");
  if (counts.kind !== "number") throw new TypeError("counts are numbers");
  let total = 0;
  for (let at = 0; at < rows.length; at++) total += counts.data[rows[at]];
  yield* countedRows(total);
}
