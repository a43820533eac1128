import type { ExperimentRow } from "../../snapshot/snapshot.ts";
import type { RowTable } from "./row_columns.ts";
import { wholeValue } from "../../values/json_values.ts";

/** The columns of `experiments`. */
export const EXPERIMENTS: RowTable<ExperimentRow> = {
  ids: ["exp", "id"],
  columns: {
    repo: (row) => row.source.name,
    exp: (row) => row.experiment.id,
    id: (row) => row.experiment.id,
    kind: (row) => row.experiment.kind,
    name: (row) => row.notes.name ?? row.experiment.name,
    created_at: (row) => wholeValue(row.experiment.createdAt),
    status: (row) => row.status?.status ?? "unknown",
    runs: (row) => BigInt(row.runs),
    tags: (row) => JSON.stringify(row.notes.tags),
    version: (row) => BigInt(row.experiment.version),
  },
  families: {
    params: { json: (row) => row.experiment.params, key: "params" },
    meta: { json: (row) => row.experiment.extra },
  },
  place: ({ experiment }) => ({ store: experiment.repository.store, folder: experiment.folder }),
};
