import { COORDINATES, PLACE } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `events`. */
export const EVENTS: TableSpec = {
  name: "events",
  help: "one row per event",
  columns: [
    ...PLACE,
    ["line", "INTEGER", "from 1"],
    ["event", "TEXT", "name: train/epoch/3"],
    ["ts", "INTEGER", "time, ms since 1970"],
    ["data", "TEXT", "JSON object"],
  ],
  families: ["data"],
  hidden: COORDINATES,
};
