import type { Snapshot, SnapshotNeeds } from "./snapshot.ts";

/** What either of two questions needs. Which experiments are looked at is for the caller to say. */
export function bothNeeds(a: SnapshotNeeds, b: SnapshotNeeds): SnapshotNeeds {
  return {
    status: a.status || b.status,
    runs: a.runs || b.runs,
    runStatus: a.runStatus || b.runStatus,
    logs: a.logs || b.logs,
    stdout: a.stdout || b.stdout,
    columns: a.columns || b.columns,
    times: a.times || b.times,
  };
}

/** Whether a snapshot that was taken for some needs has all that others need. */
export function covers(taken: SnapshotNeeds, wanted: SnapshotNeeds): boolean {
  const names = ["status", "runs", "runStatus", "logs", "stdout", "columns", "times"] as const;
  return names.every((name) => taken[name] === true || wanted[name] !== true);
}

/** The part of a snapshot that is about the experiments with these ids. */
export function narrowed(snapshot: Snapshot, ids: readonly string[]): Snapshot {
  if (ids.length === snapshot.experiments.length) return snapshot;
  const wanted = new Set(ids);
  return {
    ...snapshot,
    experiments: snapshot.experiments.filter(({ experiment }) => wanted.has(experiment.id)),
    runs: snapshot.runs.filter(({ exp }) => wanted.has(exp.experiment.id)),
    logs: snapshot.logs.filter(({ run }) => wanted.has(run.exp.experiment.id)),
  };
}
