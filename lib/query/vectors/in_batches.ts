import { gather, slice } from "./gather.ts";
import { type Batch, BATCH_ROWS } from "./vector.ts";

/** Many rows in batches, in their own order or in that of a list of row numbers. */
export function* inBatches({ count, columns }: Batch, order?: Int32Array): Generator<Batch> {
  const rows = order?.length ?? count;
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const to = Math.min(rows, from + BATCH_ROWS);
    const part = order?.subarray(from, to);
    yield {
      count: to - from,
      columns: columns.map((vector) => part === undefined ? slice(vector, from, to) : gather(vector, part)),
    };
  }
}
