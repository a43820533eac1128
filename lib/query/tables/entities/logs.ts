import type { LogRow } from "../../snapshot/snapshot.ts";
import type { RowTable } from "./row_columns.ts";

/** The columns of `logs`. */
export const LOGS: RowTable<LogRow> = {
  columns: {
    repo: (row) => row.run.exp.source.name,
    exp: (row) => row.run.exp.experiment.id,
    run: (row) => row.run.run.id,
    log: (row) => row.name,
    bytes: (row) => BigInt(row.file.size),
  },
  families: {},
  place: ({ run: { run } }) => ({ store: run.experiment.repository.store, folder: run.folder }),
};
