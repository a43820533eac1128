import { rowsOf } from "./rows/row_arrays.ts";
import type { ExperimentRow, LogRow, RunRow, Snapshot } from "./snapshot.ts";
import type { SnapshotNeeds } from "./needs.ts";

/** What has to be known so that {@linkcode oneRun} can leave the rest out. */
export function needsOfRun(needs: SnapshotNeeds, run: string): SnapshotNeeds {
  return { ...needs, runs: true, runStatus: needs.runStatus || needs.status, only: { runs: [run] } };
}

/** A snapshot in which the experiment has this run alone: statistics, status and duration are those of the run. */
export function oneRun(snapshot: Snapshot, run: string): Snapshot {
  const experiments: ExperimentRow[] = [];
  const runs = new Map<RunRow, RunRow>();
  for (const row of snapshot.runs) {
    if (row.run.id !== run) continue;
    const exp: ExperimentRow = { ...row.exp, runs: 1, status: row.status };
    experiments.push(exp);
    runs.set(row, { ...row, exp });
  }
  const logs = snapshot.logs.flatMap((log): LogRow[] => {
    const own = runs.get(log.run);
    if (own === undefined) return [];
    const { name, points, file, parts, times } = log;
    return [{ run: own, name, points, file, parts, times }];
  });
  return { ...snapshot, ...rowsOf({ experiments, runs: [...runs.values()], logs }) };
}
