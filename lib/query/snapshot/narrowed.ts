import { rowsOf } from "./rows/row_arrays.ts";
import type { Rows } from "./rows/rows.ts";
import type { Snapshot } from "./snapshot.ts";
import type { SnapshotNeeds } from "./needs.ts";

/** What either of two questions needs. Which experiments are looked at is for the caller to say. */
export function bothNeeds(a: SnapshotNeeds, b: SnapshotNeeds): SnapshotNeeds {
  return {
    status: a.status || b.status,
    runs: a.runs || b.runs,
    runStatus: a.runStatus || b.runStatus,
    logs: a.logs || b.logs,
    columns: a.columns || b.columns,
    times: a.times || b.times,
  };
}

/** Whether a snapshot that was taken for some needs has all that others need. */
export function covers(taken: SnapshotNeeds, wanted: SnapshotNeeds): boolean {
  const names = ["status", "runs", "runStatus", "logs", "columns", "times"] as const;
  return names.every((name) => taken[name] === true || wanted[name] !== true);
}

/** The part of a snapshot that is about the experiments with these ids. */
export function narrowed(snapshot: Snapshot, ids: readonly string[]): Snapshot {
  const { experiments, runs, logs } = snapshot;
  if (ids.length === experiments.length) return snapshot;
  const wanted = new Set(ids);
  const isWanted = new Uint8Array(experiments.length);
  for (let number = 0; number < isWanted.length; number++) {
    if (wanted.has(experiments.idOf(number))) isWanted[number] = 1;
  }
  const isOfWanted = runs.owners.map((owner) => isWanted[owner]);
  const chosen = rowsOf({
    experiments: chosenOf(experiments, isWanted),
    runs: chosenOf(runs, isOfWanted),
    logs: chosenOf(logs, logs.owners.map((owner) => isOfWanted[owner])),
  });
  return { ...snapshot, ...chosen };
}

function chosenOf<Row>(rows: Rows<Row>, isChosen: Uint8Array | Int32Array): Row[] {
  const chosen: Row[] = [];
  for (let number = 0; number < isChosen.length; number++) if (isChosen[number] === 1) chosen.push(rows.at(number));
  return chosen;
}
