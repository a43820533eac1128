import { EVENTS } from "./columns/events.ts";
import { EXPERIMENTS } from "./columns/experiments.ts";
import { FILES } from "./columns/files.ts";
import { LOGS } from "./columns/logs.ts";
import { METRICS } from "./columns/metrics.ts";
import { NOTES } from "./columns/notes.ts";
import { POINTS } from "./columns/points.ts";
import { RUNS } from "./columns/runs.ts";
import type { TableSpec } from "./table_spec.ts";

/** Everything that can be asked. Times are milliseconds since the Unix epoch. */
export const TABLES: readonly TableSpec[] = [EXPERIMENTS, RUNS, LOGS, METRICS, POINTS, EVENTS, FILES, NOTES];

/** The table of a name, in any case of letters. */
export function tableOf(name: string): TableSpec | undefined {
  return TABLES.find((table) => table.name === name.toLowerCase());
}
