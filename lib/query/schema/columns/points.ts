import { COORDINATES, SERIES } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `points`. */
export const POINTS: TableSpec = {
  name: "points",
  help: "one row per number in an event",
  columns: [
    ...SERIES,
    ["idx", "INTEGER", "from 0, within the series of the log"],
    ["step", "REAL", "`step` of the data, else the last number in the event's name, else idx"],
    ["ts", "INTEGER", "time, ms since 1970"],
    ["value", "REAL", "NULL stands for NaN"],
  ],
  families: [],
  hidden: COORDINATES,
};
