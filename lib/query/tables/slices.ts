import { type Batch, BATCH_ROWS } from "../vectors/vector.ts";
import { slice } from "../vectors/gather.ts";
import type { Scan } from "./scan.ts";

/** A table that is there as a whole, in batches. */
export async function* slicesOf({ count, columns }: Batch, { yielder, options }: Scan): AsyncGenerator<Batch> {
  if (options.report !== undefined) options.report.rows += count;
  for (let from = 0; from < count; from += BATCH_ROWS) {
    const to = Math.min(count, from + BATCH_ROWS);
    yield { count: to - from, columns: columns.map((column) => slice(column, from, to)) };
    await yielder.checkpoint();
  }
}

/** Rows of a batch without columns. */
const MAX_ROWS = 1024 * 1024;

/** So many rows without columns. */
export function* countedRows(count: number): Generator<Batch> {
  for (let left = count; left > 0; left -= MAX_ROWS) yield { count: Math.min(left, MAX_ROWS), columns: [] };
}
