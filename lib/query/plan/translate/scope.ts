import type { BoundColumn, BoundQuery, Instance } from "../../bind/bound.ts";
import type { Expression } from "../../sql/tree.ts";
import { columnKey, expressionKey } from "../../bind/expression_key.ts";
import type { JoinPlan, Plan, Scalar } from "../plan.ts";
import { widthOf } from "../plans.ts";
import { input } from "../scalars.ts";

/**
 * The rows that expressions are translated over: a plan, which may grow by columns to the right, and what its columns stand
 * for.
 */
export class Scope {
  /** The columns of instances, by their keys. */
  readonly columns = new Map<string, Scalar>();
  /** Whole expressions, by their keys: groups, aggregates, windows, outputs. */
  readonly expressions = new Map<string, Scalar>();

  constructor(public plan: Plan) {}

  column(instance: Instance, column: BoundColumn): Scalar | undefined {
    return this.columns.get(columnKey(instance, column));
  }

  expression(bound: BoundQuery, expression: Expression): Scalar | undefined {
    if (this.expressions.size === 0) return undefined;
    return this.expressions.get(expressionKey(bound, expression));
  }

  /** Adds the columns of a plan that has at most one row for each row, and gives where they begin. */
  attach(right: Plan, equal: JoinPlan["equal"]): number {
    const start = widthOf(this.plan);
    this.plan = { kind: "join", join: "left", left: this.plan, right, equal, on: undefined };
    return start;
  }

  /** Puts the columns of another scope to the right of these. */
  append(other: Scope): void {
    const start = widthOf(this.plan);
    for (const [key, scalar] of other.columns) {
      if (scalar.kind === "input") this.columns.set(key, input(start + scalar.index));
    }
  }
}
