import type { Plan } from "../plan/plan.ts";
import { mapScalars } from "../plan/plans.ts";
import { visit } from "../plan/scalars.ts";
import type { Value } from "../values/value.ts";
import { valueAt } from "../vectors/gather.ts";
import type { ScalarContext } from "./scalar/context.ts";
import type { Batch } from "../vectors/vector.ts";

/** How a plan within a scalar is used. */
type Use = "value" | "exists" | "members";

/** The plans within the scalars of one operator. */
function subplansOf(plan: Plan): { readonly plan: Plan; readonly use: Use }[] {
  const found: { plan: Plan; use: Use }[] = [];
  mapScalars(plan, (scalar) => {
    visit(scalar, (part) => {
      if (part.kind === "subquery") found.push({ plan: part.plan, use: "value" });
      if (part.kind === "exists") found.push({ plan: part.plan, use: "exists" });
      if (part.kind === "in" && part.set.kind === "plan") found.push({ plan: part.set.plan, use: "members" });
    });
    return scalar;
  });
  return found;
}

/** The answers of the plans within scalars. Each is run once, before what looks at it. */
export class Subplans implements ScalarContext {
  readonly #values = new Map<Plan, Value>();
  readonly #exist = new Map<Plan, boolean>();
  readonly #members = new Map<Plan, readonly Value[]>();

  /** @param run Runs a plan. With `isOrderFree`, its rows may come in any order. */
  constructor(readonly run: (plan: Plan, isOrderFree: boolean) => AsyncIterable<Batch>) {}

  /** Runs the plans within the scalars of one operator, where they have not been. */
  async prepare(operator: Plan): Promise<void> {
    for (const { plan, use } of subplansOf(operator)) {
      if (use === "value" && !this.#values.has(plan)) this.#values.set(plan, await this.#firstValue(plan));
      else if (use === "exists" && !this.#exist.has(plan)) this.#exist.set(plan, await this.#hasRow(plan));
      else if (use === "members" && !this.#members.has(plan)) this.#members.set(plan, await this.#column(plan));
    }
  }

  value(plan: Plan): Value {
    return answerOf(this.#values, plan);
  }

  exists(plan: Plan): boolean {
    return answerOf(this.#exist, plan);
  }

  members(plan: Plan): readonly Value[] {
    return answerOf(this.#members, plan);
  }

  async #firstValue(plan: Plan): Promise<Value> {
    for await (const { count, columns } of this.run(plan, false)) if (count > 0) return valueAt(columns[0], 0);
    return null;
  }

  async #hasRow(plan: Plan): Promise<boolean> {
    for await (const { count } of this.run(plan, true)) if (count > 0) return true;
    return false;
  }

  async #column(plan: Plan): Promise<readonly Value[]> {
    const values: Value[] = [];
    for await (const { count, columns } of this.run(plan, true)) {
      for (let row = 0; row < count; row++) values.push(valueAt(columns[0], row));
    }
    return values;
  }
}

function answerOf<T>(answers: ReadonlyMap<Plan, T>, plan: Plan): T {
  if (!answers.has(plan)) throw new Error("a plan within a scalar was not run before it");
  return answers.get(plan)!;
}
