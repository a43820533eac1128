import type { ProjectPlan } from "../../plan/plan.ts";
import { compileScalar } from "../scalar/compile.ts";
import type { Batch } from "../vector.ts";
import type { OperatorContext } from "./context.ts";

/** Computes columns. */
export async function* project(
  plan: ProjectPlan,
  input: AsyncIterable<Batch>,
  { scalars }: OperatorContext,
): AsyncIterable<Batch> {
  const items = plan.items.map((item) => compileScalar(item, scalars));
  for await (const batch of input) yield { count: batch.count, columns: items.map((item) => item(batch)) };
}
