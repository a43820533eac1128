import type { Batch } from "../../vectors/vector.ts";
import type { Scalar, ScanPlan } from "../../plan/plan.ts";
import { input, inputsOf, moveInputs, NULL } from "../../plan/scalars.ts";
import { NthBest } from "../nth_best.ts";

/** For more rows than this it is not worth it. */
const MAX_ROWS = 100_000;

/**
 * Of an order by time or line with a limit, the n-th row becomes a condition, so that lines are read only of the first rows. It is
 * found by a scan of its own, over what the index knows.
 *
 * Condition: nothing in `where` needs the data of an event.
 */
export async function withEventBound(
  plan: ScanPlan,
  scan: (plan: ScanPlan) => AsyncIterable<Batch>,
): Promise<ScanPlan> {
  const { top, columns, where } = plan;
  if (top === undefined || top.count < 1 || top.count > MAX_ROWS) return plan;
  const { table, column } = columns[top.column];
  const used = inputsOf(...where);
  const needsData = (at: number) => columns[at].table === "events" && columns[at].column === "data";
  if (table !== "events" || column !== "ts" && column !== "line" || [...used].some(needsData)) return plan;
  const kept = [...new Set([top.column, ...used])];
  const first: ScanPlan = {
    kind: "scan",
    table: "events",
    columns: kept.map((at) => columns[at]),
    where: where.map((it) => moveInputs(it, (at) => kept.indexOf(at))),
  };
  const nth = new NthBest(top.count, top.descending ? -1 : 1);
  for await (const { count, columns: [numbers] } of scan(first)) {
    if (numbers.kind === "constant" && numbers.value === null) continue;
    // A time beyond 2^53.
    if (numbers.kind !== "number") return plan;
    for (let row = 0; row < count; row++) nth.add(numbers.data[row]);
  }
  const { bound } = nth;
  if (bound === undefined) return plan;
  const own = input(top.column);
  const value: Scalar = { kind: "constant", value: BigInt(bound) };
  const isWithin: Scalar = { kind: "compare", op: top.descending ? ">=" : "<=", left: own, right: value };
  const isNull: Scalar = { kind: "compare", op: "is", left: own, right: NULL };
  return { ...plan, where: [...where, top.nullsFirst ? { kind: "or", items: [isWithin, isNull] } : isWithin] };
}
