import type { WindowPlan } from "../../plan/plan.ts";
import { widthOf } from "../../plan/plans.ts";
import { gather } from "../../vectors/gather.ts";
import { concatenateBatches } from "../../vectors/concatenate.ts";
import { compileScalar } from "../scalar/compile.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { OperatorContext } from "./context.ts";
import { inBatches } from "../../vectors/in_batches.ts";
import { windowVector } from "./window/compute.ts";
import { sortKeys } from "./window/order_keys.ts";
import { RowOrder } from "./window/row_order.ts";

/**
 * Window functions over all rows of the input, which come out sorted by partition and then by the order of the window, as
 * SQLite gives them; rows that are equal in both stay in their order.
 */
export async function* window(
  plan: WindowPlan,
  input: AsyncIterable<Batch>,
  context: OperatorContext,
): AsyncIterable<Batch> {
  const { yielder, scalars } = context;
  const batches: Batch[] = [];
  for await (const batch of input) if (batch.count > 0) batches.push(batch);
  const all = concatenateBatches(batches, widthOf(plan.input));
  batches.length = 0;
  const { count } = all;
  if (count === 0) return;
  const order = new RowOrder(count);
  for (const scalar of plan.partition) {
    await yielder.checkpoint();
    order.refine(sortKeys(compileScalar(scalar, scalars)(all), count, { descending: false, nullsFirst: true }));
  }
  const partitions = order.starts;
  for (const key of plan.order) {
    await yielder.checkpoint();
    order.refine(sortKeys(compileScalar(key.scalar, scalars)(all), count, key));
  }
  const { rows, starts: peers } = order;
  const columns = rows === undefined ? [...all.columns] : all.columns.map((column) => gather(column, rows));
  const sorted = { count, columns: [...columns] };
  for (const it of plan.functions) {
    await yielder.checkpoint();
    columns.push(await windowVector(it, sorted, { partitions, peers }, context));
  }
  for (const batch of inBatches({ count, columns })) {
    yield batch;
    await yielder.checkpoint();
  }
}
