import type { SortPlan } from "../../plan/plan.ts";
import { gather, valueAt } from "../../vectors/gather.ts";
import { ascendingInts } from "../../vectors/value_vector.ts";
import { VectorBuilder } from "../../vectors/vector_builder.ts";
import { compileScalar } from "../scalar/compile.ts";
import type { Batch, Vector } from "../../vectors/vector.ts";
import type { OperatorContext } from "./context.ts";
import { inBatches } from "../../vectors/in_batches.ts";
import { Cutoff } from "./sort/cutoff.ts";
import { orderOf } from "./sort/order.ts";

/** With a limit, rows are sorted whenever there are so many more than will be looked at. */
const MORE = 2048;

/**
 * Rows in an order; rows that are equal in it stay in theirs. With a limit, no more rows are held than it takes, and
 * rows that are behind these are skipped by their first key.
 */
export async function* sort(
  plan: SortPlan,
  width: number,
  input: AsyncIterable<Batch>,
  { scalars, yielder }: OperatorContext,
): AsyncIterable<Batch> {
  const most = plan.limit ?? Infinity;
  if (most <= 0) return;
  // A key that is a column is held once; others are columns behind those of the input.
  const computed = plan.keys.flatMap(({ scalar }) => scalar.kind === "input" ? [] : [compileScalar(scalar, scalars)]);
  let next = width;
  const places = plan.keys.map(({ scalar }) => scalar.kind === "input" ? scalar.index : next++);
  let held = new Held(next);
  let cutoff: Cutoff | undefined;
  for await (const batch of input) {
    const columns = [...batch.columns, ...computed.map((compute) => compute(batch))];
    const rows = cutoff?.rows(columns[places[0]], batch.count);
    held.add(columns, batch.count, rows);
    if (held.count <= 2 * most + MORE || places.length === 0) continue;
    const sorted = held.sorted(plan, places);
    const first = (sorted.order ?? ascendingInts(held.count)).subarray(0, most);
    held = new Held(next);
    held.add(sorted.columns.map((vector) => gather(vector, first)), most);
    const last = valueAt(sorted.columns[places[0]], first[most - 1]);
    cutoff = new Cutoff(plan.keys[0], last, places.length > 1);
  }
  await yielder.checkpoint();
  const { columns, order } = held.sorted(plan, places);
  const count = Math.min(held.count, most);
  yield* inBatches({ count, columns: columns.slice(0, width) }, order?.subarray(0, count));
}

/** Rows that are held to be sorted. */
class Held {
  count = 0;
  readonly #columns: readonly VectorBuilder[];

  constructor(width: number) {
    this.#columns = Array.from({ length: width }, () => new VectorBuilder());
  }

  add(columns: readonly Vector[], count: number, rows?: Int32Array): void {
    const added = rows?.length ?? count;
    if (added === 0) return;
    this.#columns.forEach((column, at) => column.add(columns[at], added, rows));
    this.count += added;
  }

  sorted({ keys }: SortPlan, places: readonly number[]): {
    readonly columns: readonly Vector[];
    readonly order: Int32Array | undefined;
  } {
    const columns = this.#columns.map((column) => column.finish());
    const order = orderOf(
      keys.map(({ descending, nullsFirst }, at) => ({ vector: columns[places[at]], descending, nullsFirst })),
      this.count,
    );
    return { columns, order };
  }
}
