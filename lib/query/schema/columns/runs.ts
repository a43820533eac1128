import { REPO } from "../shared_columns.ts";
import type { TableSpec } from "../table_spec.ts";

/** The table `runs`. */
export const RUNS: TableSpec = {
  name: "runs",
  help: "one row per run",
  columns: [
    REPO,
    ["exp", "TEXT", "id of the experiment"],
    ["run", "TEXT", "id of the run"],
    ["created_at", "INTEGER", "time, ms since 1970"],
    ["status", "TEXT", "running, finished, failed, killed, lost, unknown"],
    ["started_at", "INTEGER", "time, ms since 1970"],
    ["ended_at", "INTEGER", "time, ms since 1970"],
    ["duration_ms", "INTEGER", "duration in ms; of a running one so far"],
    ["exit_code", "INTEGER", "of the command"],
    ["signal", "TEXT", "that ended the command"],
    ["lost_events", "INTEGER", "events that could not be recorded so far; 0 if none are known"],
    ["cmd", "TEXT", "JSON array of words"],
    ["pwd", "TEXT", "working folder"],
    ["script", "TEXT", "the program or script that was started"],
    ["hostname", "TEXT", "the machine on which it ran"],
    ["env", "TEXT", "JSON object of the environment"],
    ["git", "TEXT", "JSON object: commit, branch, dirty, …"],
    [
      "extra",
      "TEXT",
      "JSON object of the custom keys of the definition; extra.params: params that only this run has",
    ],
    ["tags", "TEXT", "JSON array of the run's own tags"],
  ],
  families: ["env", "git", "extra"],
};
