import type { KnownLogs } from "../../index/state/indexed_logs.ts";
import type { RunRow } from "./rows/row_types.ts";
import { closedLengths } from "../../repo/experiments/closed_run.ts";

/**
 * Finds out which of some runs are closed and has the catalogue know. They have ended, and the index has their logs.
 *
 * @param most So many are looked at: each costs a look into its life log.
 */
export async function closeRuns(
  ended: readonly { readonly row: RunRow; readonly names: readonly string[] }[],
  held: KnownLogs,
  most: number,
): Promise<void> {
  for (const { row, names } of ended.slice(0, most)) {
    const { run } = row;
    const { catalogue } = run.experiment.repository;
    const lengths = catalogue && await closedLengths(run, names, catalogue.now());
    if (lengths === undefined) continue;
    let bytes = 0;
    let isHeld = true;
    for (const [name, length] of lengths) {
      if (name === "stdout") continue;
      const number = held.find(run.logPath(name));
      isHeld &&= number !== undefined && held.seen(number).size === length;
      bytes += length;
    }
    if (isHeld) run.keepClosed(bytes);
  }
}
