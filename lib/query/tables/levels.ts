import type { Scalar, ScanColumn } from "../plan/plan.ts";
import { inputsOf } from "../plan/scalars.ts";
import type { EntityTable } from "./entities/entities.ts";

/** Within what a column is the same: all rows of an experiment, a run, a log, a series; or it differs from row to row. */
export type Level = EntityTable | "series" | "rows";

/** From the fewest to the most. */
const LEVELS: readonly Level[] = ["experiments", "runs", "logs", "series", "rows"];

/** The columns of any table that say what a row belongs to, and where these are found. */
const OF_PLACES: Readonly<Record<string, ScanColumn & { readonly table: EntityTable }>> = {
  repo: { table: "experiments", column: "repo" },
  exp: { table: "experiments", column: "exp" },
  run: { table: "runs", column: "run" },
  log: { table: "logs", column: "log" },
};

/** The column of experiments, runs or logs that a column of some table is; otherwise undefined. */
export function placeColumn(column: ScanColumn): ScanColumn & { readonly table: EntityTable } | undefined {
  // Of a note it is what the note says, and mostly nothing.
  if (column.table === "notes" && column.column === "run") return undefined;
  if (column.path === undefined && Object.hasOwn(OF_PLACES, column.column)) return OF_PLACES[column.column];
  const { table } = column;
  return table === "experiments" || table === "runs" || table === "logs" ? { ...column, table } : undefined;
}

/** The level of a column. */
export function levelOf(column: ScanColumn): Level {
  const place = placeColumn(column);
  if (place !== undefined) return place.table;
  const { table, column: name } = column;
  if (table === "metrics" || table === "series") return "series";
  return table === "points" && (name === "event" || name === "key" || name === "series") ? "series" : "rows";
}

/** The level of a condition: that of the column which differs most. */
export function levelOfCondition(condition: Scalar, columns: readonly ScanColumn[]): Level {
  let level = 0;
  for (const at of inputsOf(condition)) level = Math.max(level, LEVELS.indexOf(levelOf(columns[at])));
  return LEVELS[level];
}
