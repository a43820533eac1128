import type { Batch } from "../../vectors/vector.ts";
import { rowsOfBatch } from "./filter.ts";
import { firstRows, type Groups } from "./groups/groups.ts";

/** Of equal rows the first. `groups` are new ones. */
export async function* distinct(groups: Groups, input: AsyncIterable<Batch>): AsyncIterable<Batch> {
  for await (const batch of input) {
    const before = groups.count;
    const ids = groups.assign(batch.columns, batch.count);
    const after = groups.count;
    if (after === before) continue;
    const rows = firstRows(ids, batch.count, before, after);
    yield rows.length === batch.count ? batch : rowsOfBatch(batch, rows);
  }
}
