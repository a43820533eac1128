import type { ScanPlan } from "../../plan/plan.ts";
import type { ReadOptions, TableReader } from "../../plan/table_reader.ts";
import type { ScalarContext } from "../scalar/context.ts";
import { withoutPlans } from "../scalar/without_plans.ts";
import type { Batch } from "../../vectors/vector.ts";

/** Rows of a table. The reader is given what subqueries in its conditions answer. */
export function scan(
  plan: ScanPlan,
  reader: TableReader,
  scalars: ScalarContext,
  options: ReadOptions,
): AsyncIterable<Batch> {
  return reader.scan({ ...plan, where: plan.where.map((it) => withoutPlans(it, scalars)) }, options);
}
