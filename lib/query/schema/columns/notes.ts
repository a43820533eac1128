import { REPO } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `notes`. */
export const NOTES: TableSpec = {
  name: "notes",
  help: "one row per tag, note, new name, deletion or restoration",
  columns: [
    REPO,
    ["exp", "TEXT", "id of the experiment"],
    ["replica", "TEXT", "id of the replica in which it was written"],
    ["ts", "INTEGER", "time, ms since 1970"],
    ["what", "TEXT", "tag, untag, note, unnote, rename, delete, restore"],
    ["text", "TEXT", "the tag, the note or the name"],
    ["run", "TEXT", "id of the run that it is about; NULL: the experiment"],
  ],
  families: [],
};
