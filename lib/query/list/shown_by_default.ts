// Which columns `dbx ls` shows without --cols. The columns themselves are described in `lib/query/schema/columns/experiments.ts`.
import type { JsonObject } from "../../base/json.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { differingParams } from "./differing_params.ts";

/** What has to be known for the default columns, whichever they are. */
export const NEEDS_OF_DEFAULT_COLUMNS: SnapshotNeeds = {
  status: true,
  runs: true,
  runStatus: true,
  logs: false,
  columns: false,
};

/**
 * The columns of `dbx ls` where none were asked for: some that all lists have, and the params that differ. `ids`: in the order
 * of the list, by which params that are as common as others come.
 */
export function defaultColumns(
  { experiments, runs }: Snapshot,
  ids: readonly string[],
  { params = Infinity, all = false }: { readonly params?: number; readonly all?: boolean },
): string[] {
  const inOrder: JsonObject[] = [];
  for (const id of ids) {
    const number = experiments.numberOf(id);
    if (number !== undefined) inOrder.push(experiments.params(number));
  }
  let haveLost = false;
  for (let run = 0; run < runs.length; run++) haveLost ||= (runs.statusOf(run)?.lost ?? 0) > 0;
  return [
    ...["id", "name", "kind", "status", ...all ? ["deleted"] : [], ...haveLost ? ["lost"] : [], "age", "duration"],
    ...differingParams(inOrder, params),
  ];
}
