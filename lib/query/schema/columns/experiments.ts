import { REPO } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `experiments`; its columns are also those of `dbx ls`. */
export const EXPERIMENTS: TableSpec = {
  name: "experiments",
  help: "one row per experiment",
  columns: [
    REPO,
    ["exp", "TEXT", "id of the experiment"],
    ["id", "TEXT", "the same"],
    ["kind", "TEXT", "the kind of experiment"],
    ["name", "TEXT", "the name that it was given last; at first, the folders that contain it"],
    ["created_at", "INTEGER", "time, ms since 1970"],
    ["status", "TEXT", "of the newest run whose life was recorded: running, finished, failed, killed, lost, unknown"],
    ["runs", "INTEGER", "how many runs"],
    ["tags", "TEXT", "JSON array"],
    ["params", "TEXT", "JSON object"],
    ["meta", "TEXT", "JSON object of the custom keys of the definition"],
    ["version", "INTEGER", "of the format: 0 or 1"],
  ],
  families: ["params", "meta"],
  hidden: [
    ["age_ms", "INTEGER", "duration in ms since it was created"],
    ["duration_ms", "INTEGER", "duration in ms, the sum over its runs"],
    ["hostname", "TEXT", "of the newest run"],
    ["cmd", "TEXT", "of the newest run, JSON array of words"],
    ["git", "TEXT", "of the newest run, JSON object"],
    ["env", "TEXT", "of the newest run, JSON object"],
    ["note", "TEXT", "the newest note"],
    ["deleted", "INTEGER", "1: it is deleted; 0: it is not"],
    ["lost_events", "INTEGER", "events that its runs failed to record"],
  ],
  hiddenFamilies: ["git", "env"],
  hasStatistics: true,
};
