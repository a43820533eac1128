import type { FilterPlan } from "../../plan/plan.ts";
import { gather } from "../../vectors/gather.ts";
import { compileCondition } from "../scalar/compile.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { OperatorContext } from "./context.ts";

/** The rows for which a condition is true. */
export async function* filter(
  plan: FilterPlan,
  input: AsyncIterable<Batch>,
  { scalars }: OperatorContext,
): AsyncIterable<Batch> {
  const rowsOf = compileCondition(plan.condition, scalars);
  for await (const batch of input) {
    const rows = rowsOf(batch);
    if (rows === undefined || rows.length === batch.count) yield batch;
    else if (rows.length > 0) yield rowsOfBatch(batch, rows);
  }
}

/** Some rows of a batch, in the order of their numbers. */
export function rowsOfBatch({ columns }: Batch, rows: Int32Array): Batch {
  return { count: rows.length, columns: columns.map((vector) => gather(vector, rows)) };
}
