import { PLACE } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `files`. */
export const FILES: TableSpec = {
  name: "files",
  help: "one row per file that a run named",
  columns: [
    ...PLACE,
    ["ts", "INTEGER", "time, ms since 1970"],
    ["name", "TEXT", "the name under which it was logged"],
    ["held", "INTEGER", "1: the repository has the bytes; 0: it only knows where they were"],
    ["kept", "INTEGER", "0: a later version or a better one replaced it, and dbx gc may remove its bytes; else 1"],
    ["sha256", "TEXT", "hash of its bytes"],
    ["size", "INTEGER", "bytes"],
    ["path", "TEXT", "where a file that is not stored was"],
    ["hostname", "TEXT", "the machine where it was"],
  ],
  families: [],
};
