import type { JoinPlan } from "../../plan/plan.ts";
import { widthOf } from "../../plan/plans.ts";
import { concatenateBatches } from "../../vectors/concatenate.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { OperatorContext } from "./context.ts";
import { joinRows, rowsWithMatch } from "./join/join_rows.ts";
import { RightSide } from "./join/right_side.ts";

/**
 * Joins two inputs: left rows in order, and for each its matches in the order of the right.
 *
 * The right side is held, grouped by its keys; the left goes by. Pairs are made some thousands at a time, so that a join of
 * everything with everything needs little room.
 */
export async function* join(
  plan: JoinPlan,
  left: AsyncIterable<Batch>,
  right: AsyncIterable<Batch>,
  { yielder, scalars }: OperatorContext,
): AsyncIterable<Batch> {
  const batches: Batch[] = [];
  for await (const batch of right) if (batch.count > 0) batches.push(batch);
  const held = concatenateBatches(batches, widthOf(plan.right));
  batches.length = 0;
  if (held.count === 0 && (plan.join === "inner" || plan.join === "semi")) return;
  await yielder.checkpoint();
  const side = new RightSide(plan, held, scalars);
  for await (const batch of left) {
    if (batch.count === 0) continue;
    if (plan.join === "inner" || plan.join === "left") yield* joinRows(batch, side, plan.join === "left", yielder);
    else {
      const rows = await rowsWithMatch(batch, side, plan.join === "anti", yielder);
      if (rows.count > 0) yield rows;
    }
  }
}
