import { SERIES } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `metrics`. */
export const METRICS: TableSpec = {
  name: "metrics",
  help: "one row per series of a log",
  columns: [
    ...SERIES,
    ["count", "INTEGER", "points"],
    ["first", "REAL", "value"],
    ["last", "REAL", "value"],
    ["min", "REAL", "value; NaN is left out"],
    ["max", "REAL", "value; NaN is left out"],
    ["mean", "REAL", "value; NaN is left out"],
    ["first_step", "REAL", "step of first"],
    ["last_step", "REAL", "step of last"],
    ["min_step", "REAL", "step at which min was first reached"],
    ["max_step", "REAL", "step at which max was first reached"],
  ],
  families: [],
};
