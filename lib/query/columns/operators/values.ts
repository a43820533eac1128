import type { ValuesPlan } from "../../plan/plan.ts";
import { vectorOfValues } from "../../vectors/value_vector.ts";
import type { Batch } from "../../vectors/vector.ts";
import { inBatches } from "../../vectors/in_batches.ts";

/** Rows that are there. */
export function* values({ width, rows }: ValuesPlan): Iterable<Batch> {
  const columns = Array.from({ length: width }, (_, at) => vectorOfValues(rows.map((row) => row[at])));
  yield* inBatches({ count: rows.length, columns });
}
