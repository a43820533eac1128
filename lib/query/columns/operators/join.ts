import type { JoinPlan } from "../../plan/plan.ts";
import { widthOf } from "../../plan/plans.ts";
import { concatenateBatches } from "../concatenate.ts";
import { compileScalar } from "../scalar/compile.ts";
import type { Batch } from "../vector.ts";
import type { OperatorContext } from "./context.ts";
import { joinRows, rowsWithMatch } from "./join/join_rows.ts";
import { PairCondition } from "./join/pair_condition.ts";
import { PairWalk } from "./join/pair_walk.ts";
import { groupRows } from "./join/row_groups.ts";

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
  { breather, scalars }: OperatorContext,
): AsyncIterable<Batch> {
  const batches: Batch[] = [];
  for await (const batch of right) if (batch.count > 0) batches.push(batch);
  const held = concatenateBatches(batches, widthOf(plan.right));
  batches.length = 0;
  if (held.count === 0 && (plan.join === "inner" || plan.join === "semi")) return;
  await breather.pass();
  const leftKeys = plan.equal.map((pair) => compileScalar(pair.left, scalars));
  const groups = groupRows(plan.equal.map((pair) => compileScalar(pair.right, scalars)(held)), held.count);
  await breather.pass();
  const condition = plan.on && new PairCondition(plan.on, widthOf(plan.left), held, scalars);
  const keeps = plan.join === "left";
  const isAnti = plan.join === "anti";
  for await (const batch of left) {
    if (batch.count === 0) continue;
    const groupOf = new Int32Array(batch.count);
    groups.groupsOf(leftKeys.map((key) => key(batch)), batch.count, groupOf);
    const walk = new PairWalk(groups, groupOf, batch.count);
    if (plan.join === "inner" || plan.join === "left") {
      yield* joinRows(batch, walk, { held, condition, keeps, breather });
    } else {
      const rows = await rowsWithMatch(batch, walk, { condition, breather, isAnti });
      if (rows.count > 0) yield rows;
    }
  }
}
