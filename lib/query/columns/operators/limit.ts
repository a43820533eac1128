import type { LimitPlan } from "../../plan/plan.ts";
import { slice } from "../../vectors/gather.ts";
import type { Batch } from "../../vectors/vector.ts";

/** Some rows after others that are skipped. The input is asked for no more than that. */
export async function* limit({ offset, count }: LimitPlan, input: AsyncIterable<Batch>): AsyncIterable<Batch> {
  if (count <= 0) return;
  let skip = offset;
  let left = count;
  for await (const batch of input) {
    if (batch.count <= skip) {
      skip -= batch.count;
      continue;
    }
    const to = Math.min(batch.count, skip + left);
    const from = skip;
    skip = 0;
    left -= to - from;
    yield from === 0 && to === batch.count
      ? batch
      : { count: to - from, columns: batch.columns.map((vector) => slice(vector, from, to)) };
    if (left === 0) return;
  }
}
