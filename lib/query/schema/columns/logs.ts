import { PLACE } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `logs`. */
export const LOGS: TableSpec = {
  name: "logs",
  help: "one row per log",
  columns: [...PLACE, ["bytes", "INTEGER", "length of the file"]],
  families: [],
};
