import type { JsonObject } from "../../../base/json.ts";
import type { Run } from "../../../repo/experiments/run.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";

/** A run as answers have it. */
export function runJson(run: Run, status: RunStatus): JsonObject {
  const { createdAt, extra, ...own } = run.definition;
  return { ...own, createdAt: timeOf(createdAt), ...extra, ...status } as unknown as JsonObject;
}

/** JSON has no NaN: the time that a definition does not say. */
export function timeOf(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}
