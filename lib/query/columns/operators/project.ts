import type { ProjectPlan } from "../../plan/plan.ts";
import { compileScalars } from "../scalar/compile.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { OperatorContext } from "./context.ts";

/** Computes columns. */
export async function* project(
  plan: ProjectPlan,
  input: AsyncIterable<Batch>,
  { scalars }: OperatorContext,
): AsyncIterable<Batch> {
  const items = compileScalars(plan.items, scalars);
  for await (const batch of input) yield { count: batch.count, columns: items(batch) };
}
