import type { Aggregate, AggregatePlan, Scalar } from "../../plan/plan.ts";
import { scalarKey } from "../../plan/scalars.ts";
import { gather } from "../../vectors/gather.ts";
import { VectorBuilder } from "../../vectors/vector_builder.ts";
import { UnsupportedAtRuntime } from "../fallback.ts";
import { compileCondition, type CompiledScalar, compileScalar } from "../scalar/compile.ts";
import type { Batch, Vector } from "../../vectors/vector.ts";
import type { Accumulator } from "./aggregate/accumulator.ts";
import { Beside } from "./aggregate/beside.ts";
import { DistinctValues } from "./aggregate/distinct_values.ts";
import { accumulatorOf } from "./aggregate/make.ts";
import type { OperatorContext } from "./context.ts";
import { firstRows, type GroupIds, Groups } from "./groups/groups.ts";
import { inBatches } from "../../vectors/in_batches.ts";
import { orderOf } from "./sort/order.ts";

/** Rows of one batch, their groups, and the rows that begin new groups. */
interface Rows {
  readonly batch: Batch;
  readonly ids: GroupIds;
  readonly groups: number;
  readonly first: Int32Array;
}

/** One aggregate at work. */
interface Slot {
  add(rows: Rows): void;
  finish(groups: number): Vector;
}

/** Groups rows. Groups come in the order of their keys, unless it is free. */
export async function* aggregate(
  plan: AggregatePlan,
  input: AsyncIterable<Batch>,
  context: OperatorContext,
  isOrderFree: boolean,
): AsyncIterable<Batch> {
  const scalar = sharedScalars(context);
  const keys = plan.keys.map(scalar);
  const slots = slotsOf(plan, scalar, context);
  const groups = new Groups(keys.length);
  const keyColumns = keys.map(() => new VectorBuilder());
  for await (const batch of input) {
    if (batch.count === 0) continue;
    const values = keys.map((key) => key(batch));
    const before = groups.count;
    const ids = groups.assign(values, batch.count);
    const first = groups.count === before ? NONE : firstRows(ids, batch.count, before, groups.count);
    if (first.length > 0) keyColumns.forEach((column, at) => column.add(values[at], first.length, first));
    const rows: Rows = { batch, ids, groups: groups.count, first };
    for (const slot of slots) slot.add(rows);
  }
  if (groups.isAmbiguous && plan.aggregates.some(({ name }) => name === "min" || name === "max")) {
    // SQLite then takes the keys from the row of the least or greatest.
    throw new UnsupportedAtRuntime("min or max beside keys that are INTEGER and REAL");
  }
  const count = keys.length === 0 ? 1 : groups.count;
  const columns = [...keyColumns.map((column) => column.finish()), ...slots.map((slot) => slot.finish(count))];
  if (keys.length === 0) return yield { count, columns };
  const order = isOrderFree ? undefined : orderOf(
    columns.slice(0, keys.length).map((vector) => ({ vector, descending: false, nullsFirst: true })),
    count,
  );
  yield* inBatches({ count, columns }, order);
}

const NONE = new Int32Array();

/** Compiles scalars; what stands at several places is computed once for a batch. */
function sharedScalars({ scalars }: OperatorContext): (scalar: Scalar) => CompiledScalar {
  const known = new Map<string, CompiledScalar>();
  return (scalar) => {
    const key = scalarKey(scalar);
    let shared = known.get(key);
    if (shared === undefined) {
      const compiled = compileScalar(scalar, scalars);
      let last: Batch | undefined;
      let vector: Vector | undefined;
      shared = (batch) => {
        if (batch !== last) vector = compiled(batch);
        last = batch;
        return vector!;
      };
      known.set(key, shared);
    }
    return shared;
  };
}

/** A slot for each aggregate, in their order. `min` and `max` go before the columns that are taken from their rows. */
function slotsOf(
  { keys, aggregates }: AggregatePlan,
  scalar: (scalar: Scalar) => CompiledScalar,
  context: OperatorContext,
): Slot[] {
  const hasGroups = keys.length > 0;
  const hits = new Map<number, Hits>();
  for (const { rowOf } of aggregates) {
    if (rowOf === undefined) continue;
    if (aggregates[rowOf].filter !== undefined) {
      throw new UnsupportedAtRuntime("a column beside min or max with a FILTER");
    }
    hits.set(rowOf, { buffer: new Int32Array(), count: 0 });
  }
  return aggregates.map((it, at) => {
    const args = it.args.map(scalar);
    if (it.name !== "any") return new Accumulating(it, args, context, { hits: hits.get(at), hasGroups });
    if (it.rowOf === undefined) return new First(args[0]);
    if (it.rowOf > at) throw new UnsupportedAtRuntime("a column before the min or max that it is taken from");
    return new OfHits(args[0], hits.get(it.rowOf)!);
  });
}

/** The rows of the batch that `min` or `max` was taken from. */
interface Hits {
  buffer: Int32Array;
  count: number;
}

class First implements Slot {
  readonly #column = new VectorBuilder();

  constructor(readonly arg: CompiledScalar) {}

  add({ batch, first }: Rows): void {
    if (first.length > 0) this.#column.add(this.arg(batch), first.length, first);
  }

  finish(): Vector {
    return this.#column.finish();
  }
}

class OfHits implements Slot {
  readonly #beside = new Beside();

  constructor(readonly arg: CompiledScalar, readonly hits: Hits) {}

  add({ batch, ids, groups }: Rows): void {
    const { buffer, count } = this.hits;
    if (count > 0) this.#beside.add(this.arg(batch), buffer.subarray(0, count), ids, groups);
  }

  finish(groups: number): Vector {
    return this.#beside.finish(groups);
  }
}

class Accumulating implements Slot {
  readonly #accumulator: Accumulator;
  readonly #distinct: DistinctValues | undefined;
  readonly #hits: Hits | undefined;
  readonly #condition: ((batch: Batch) => Int32Array | undefined) | undefined;

  constructor(
    { name, distinct, filter }: Aggregate,
    readonly args: readonly CompiledScalar[],
    context: OperatorContext,
    { hits, hasGroups }: { readonly hits: Hits | undefined; readonly hasGroups: boolean },
  ) {
    this.#hits = hits;
    this.#accumulator = accumulatorOf(name as Exclude<Aggregate["name"], "any">);
    const counts = name !== "min" && name !== "max";
    this.#distinct = distinct && counts && args.length > 0 ? new DistinctValues(hasGroups) : undefined;
    this.#condition = filter && compileCondition(filter, context.scalars);
  }

  add({ batch, ids, groups }: Rows): void {
    const rows = this.#condition?.(batch);
    let args = this.args.map((arg) => arg(batch));
    let count = batch.count;
    const keep = (rows: Int32Array): void => {
      args = args.map((arg) => gather(arg, rows));
      ids = typeof ids === "number" ? ids : idsOf(ids, rows);
      count = rows.length;
    };
    if (rows !== undefined) keep(rows);
    if (this.#distinct !== undefined) keep(this.#distinct.rows(args[0], count, ids, groups));
    const hits = this.#hits;
    if (hits !== undefined && hits.buffer.length < count) hits.buffer = new Int32Array(count);
    const found = this.#accumulator.add(args, count, ids, groups, hits?.buffer);
    if (hits !== undefined) hits.count = found;
  }

  finish(groups: number): Vector {
    return this.#accumulator.finish(groups);
  }
}

function idsOf(ids: Int32Array, rows: Int32Array): Int32Array {
  const kept = new Int32Array(rows.length);
  for (let at = 0; at < kept.length; at++) kept[at] = ids[rows[at]];
  return kept;
}
