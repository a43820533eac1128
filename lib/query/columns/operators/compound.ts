import type { CompoundPlan } from "../../plan/plan.ts";
import { VectorBuilder } from "../../vectors/vector_builder.ts";
import { UnsupportedAtRuntime } from "../fallback.ts";
import type { Batch } from "../../vectors/vector.ts";
import { concat } from "./concat.ts";
import { distinct } from "./distinct.ts";
import { rowsOfBatch } from "./filter.ts";
import { firstRows, type GroupIds, Groups } from "./groups/groups.ts";
import { inBatches } from "../../vectors/in_batches.ts";
import { orderOf } from "./sort/order.ts";

/** UNION, INTERSECT and EXCEPT: distinct rows, in the order of their columns, unless it is free. */
export async function* compound(
  { op }: CompoundPlan,
  width: number,
  left: AsyncIterable<Batch>,
  right: AsyncIterable<Batch>,
  isOrderFree: boolean,
): AsyncIterable<Batch> {
  const collectors = Array.from({ length: width }, () => new VectorBuilder());
  let count = 0;
  const groups = new Groups(width);
  const rows = op === "union" ? distinct(groups, concat([left, right])) : membersOf(op, groups, left, right);
  for await (const batch of rows) {
    batch.columns.forEach((vector, at) => collectors[at].add(vector, batch.count));
    count += batch.count;
  }
  if (op === "union" && groups.isAmbiguous) throw new UnsupportedAtRuntime("UNION of INTEGERs and equal REALs");
  const columns = collectors.map((column) => column.finish());
  const order = isOrderFree
    ? undefined
    : orderOf(columns.map((vector) => ({ vector, descending: false, nullsFirst: true })), count);
  yield* inBatches({ count, columns }, order);
}

/** The distinct rows of the left that the right has, or has not. */
async function* membersOf(
  op: "intersect" | "except",
  groups: Groups,
  left: AsyncIterable<Batch>,
  right: AsyncIterable<Batch>,
): AsyncIterable<Batch> {
  for await (const batch of right) groups.assign(batch.columns, batch.count);
  const there = groups.count;
  if (op === "intersect" && there === 0) return;
  const isDone = new Uint8Array(there);
  for await (const batch of left) {
    const before = groups.count;
    const ids = groups.assign(batch.columns, batch.count);
    const rows = op === "except"
      ? firstRows(ids, batch.count, before, groups.count)
      : rowsThere(ids, batch.count, isDone);
    if (rows.length > 0) yield rowsOfBatch(batch, rows);
  }
}

/** The rows whose group was there and had no row yet. */
function rowsThere(ids: GroupIds, count: number, isDone: Uint8Array): Int32Array {
  const rows = new Int32Array(typeof ids === "number" ? Math.min(1, count) : count);
  let found = 0;
  for (let row = 0; row < rows.length; row++) {
    const group = typeof ids === "number" ? ids : ids[row];
    if (group >= isDone.length || isDone[group] !== 0) continue;
    isDone[group] = 1;
    rows[found++] = row;
  }
  return rows.subarray(0, found);
}
