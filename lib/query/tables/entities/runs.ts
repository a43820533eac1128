import type { RunRow } from "../../snapshot/snapshot.ts";
import type { RowTable } from "./row_columns.ts";
import { valueOf, wholeValue } from "../../values/json_values.ts";

/** The columns of `runs`. */
export const RUNS: RowTable<RunRow> = {
  ids: ["run"],
  columns: {
    repo: (row) => row.exp.source.name,
    exp: (row) => row.exp.experiment.id,
    run: (row) => row.run.id,
    created_at: (row) => wholeValue(row.run.createdAt),
    status: (row) => row.status?.status ?? "unknown",
    started_at: (row) => wholeValue(row.status?.startedAt),
    ended_at: (row) => wholeValue(row.status?.endedAt),
    duration_ms: (row) => wholeValue(row.status?.durationMs),
    exit_code: (row) => wholeValue(row.status?.exitCode),
    signal: (row) => row.status?.signal ?? null,
    lost_events: (row) => wholeValue(row.status?.lost ?? 0),
    cmd: (row) => valueOf(row.run.definition.cmd),
    pwd: (row) => row.run.definition.pwd ?? null,
    script: (row) => row.run.definition.script ?? null,
    hostname: (row) => row.run.definition.hostname ?? null,
    tags: (row) => JSON.stringify(row.exp.notes.runTags.get(row.run.id) ?? []),
  },
  families: {
    env: { json: ({ run }) => run.definition.env, key: "env" },
    git: { json: ({ run }) => run.definition.git, key: "git" },
    extra: { json: ({ run }) => run.definition.extra },
  },
  place: ({ run }) => ({ store: run.experiment.repository.store, folder: run.folder }),
};
