import type { ExperimentRows, RunRows } from "../snapshot/rows/rows.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import type { BoundQuery } from "../bind/bound.ts";
import type { Facts } from "../plan/facts.ts";

/** Columns that need the life log of a run. */
const LIFE: readonly string[] = [
  ...["status", "started_at", "ended_at", "duration_ms", "exit_code", "signal", "lost_events"],
];

/** Columns of experiments that are those of their runs. */
const OF_RUNS: readonly string[] = ["runs", "hostname", "cmd", "git", "env", "duration_ms", "lost_events"];

/** What a query needs to know of repositories: only what it names is looked at. */
export function snapshotNeedsOf({ instances, used }: BoundQuery): SnapshotNeeds {
  const columns = new Map<string, Set<string>>();
  for (const instance of instances) {
    if (instance.source.kind !== "table") continue;
    const { name } = instance.source.table;
    const own = columns.get(name) ?? new Set();
    for (const column of used.get(instance) ?? []) own.add(column.column ?? column.name.toLowerCase());
    columns.set(name, own);
  }
  const has = (...tables: readonly string[]) => tables.some((table) => columns.has(table));
  const reads = (table: string, names: readonly string[]) => names.some((name) => columns.get(table)?.has(name));
  const hasStatistic = reads("experiments", ["statistic"]);
  const tables = ["points", "metrics", "events", "files"];
  return {
    status: reads("experiments", LIFE),
    runs: has("runs", "logs", ...tables) || hasStatistic || reads("experiments", OF_RUNS),
    runStatus: reads("runs", LIFE) || reads("experiments", ["duration_ms", "lost_events"]),
    logs: has("logs", ...tables) || hasStatistic,
    columns: has("points", "metrics") || hasStatistic || has("events"),
    times: tables.some((table) => reads(table, ["ts"])) || hasStatistic,
  };
}

/** What a snapshot says about ids. */
export function factsOf(snapshot: Snapshot): Facts {
  return new SnapshotFacts(snapshot);
}

/** Finds out what it is asked for, once. */
class SnapshotFacts implements Facts {
  #uniqueExperiments: boolean | undefined;
  #uniqueRuns: boolean | undefined;

  constructor(readonly snapshot: Snapshot) {}

  get uniqueExperiments(): boolean {
    const { experiments } = this.snapshot;
    return this.#uniqueExperiments ??= experiments.standTogether() || isUnique(experiments);
  }

  get uniqueRuns(): boolean {
    return this.#uniqueRuns ??= isUnique(this.snapshot.runs);
  }
}

function isUnique(rows: ExperimentRows | RunRows): boolean {
  let last = "";
  for (let number = 0; number < rows.length; number++) {
    // Mostly they stand in order: then nothing has to be remembered.
    if (!(last < (last = rows.idOf(number)))) return new Set(rows.ids()).size === rows.length;
  }
  return true;
}
