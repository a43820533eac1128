import type { Aggregate, Plan, Scalar, SortKey, WindowFunction } from "./plan.ts";
import { mapParts } from "./scalars.ts";

/** How many columns a plan gives. */
export function widthOf(plan: Plan): number {
  switch (plan.kind) {
    case "scan":
      return plan.columns.length;
    case "values":
      return plan.width;
    case "project":
      return plan.items.length;
    case "aggregate":
      return plan.keys.length + plan.aggregates.length;
    case "join":
      return widthOf(plan.left) + (plan.join === "inner" || plan.join === "left" ? widthOf(plan.right) : 0);
    case "window":
      return widthOf(plan.input) + plan.functions.length;
    case "concat":
      return widthOf(plan.inputs[0]);
    case "compound":
      return widthOf(plan.left);
    case "filter":
    case "distinct":
    case "sort":
    case "limit":
    case "shared":
      return widthOf(plan.input);
  }
}

/** The plans that a plan reads rows of. */
export function inputsOfPlan(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "scan":
    case "values":
      return [];
    case "join":
    case "compound":
      return [plan.left, plan.right];
    case "concat":
      return plan.inputs;
    default:
      return [plan.input];
  }
}

/** A plan with the plans that it reads replaced. */
export function mapPlans(plan: Plan, f: (input: Plan) => Plan): Plan {
  switch (plan.kind) {
    case "scan":
    case "values":
      return plan;
    case "join":
    case "compound":
      return { ...plan, left: f(plan.left), right: f(plan.right) };
    case "concat":
      return { ...plan, inputs: plan.inputs.map(f) };
    default:
      return { ...plan, input: f(plan.input) };
  }
}

/** A plan with its own scalars replaced: not those of the plans that it reads. */
export function mapScalars(plan: Plan, f: (scalar: Scalar) => Scalar): Plan {
  switch (plan.kind) {
    case "scan":
      return { ...plan, where: plan.where.map(f) };
    case "filter":
      return { ...plan, condition: f(plan.condition) };
    case "project":
      return { ...plan, items: plan.items.map(f) };
    case "aggregate":
      return { ...plan, keys: plan.keys.map(f), aggregates: plan.aggregates.map((it) => mapAggregate(it, f)) };
    case "sort":
      return { ...plan, keys: plan.keys.map((key) => mapKey(key, f)) };
    case "window":
      return {
        ...plan,
        partition: plan.partition.map(f),
        order: plan.order.map((key) => mapKey(key, f)),
        functions: plan.functions.map((it) => mapFunction(it, f)),
      };
    case "join":
      return {
        ...plan,
        equal: plan.equal.map(({ left, right }) => ({ left: f(left), right: f(right) })),
        on: plan.on && f(plan.on),
      };
    default:
      return plan;
  }
}

export function mapKey(key: SortKey, f: (scalar: Scalar) => Scalar): SortKey {
  return { ...key, scalar: f(key.scalar) };
}

export function mapAggregate(aggregate: Aggregate, f: (scalar: Scalar) => Scalar): Aggregate {
  return { ...aggregate, args: aggregate.args.map(f), filter: aggregate.filter && f(aggregate.filter) };
}

export function mapFunction(it: WindowFunction, f: (scalar: Scalar) => Scalar): WindowFunction {
  return { ...it, args: it.args.map(f), filter: it.filter && f(it.filter) };
}

/** Applies a rewrite to the plans that stand within the scalars of a plan: those of subqueries. */
export function mapSubplans(plan: Plan, f: (subplan: Plan) => Plan): Plan {
  const within = (scalar: Scalar): Scalar => {
    const mapped = mapParts(scalar, within);
    if (mapped.kind === "subquery" || mapped.kind === "exists") return { ...mapped, plan: f(mapped.plan) };
    if (mapped.kind === "in" && mapped.set.kind === "plan") {
      return { ...mapped, set: { ...mapped.set, plan: f(mapped.set.plan) } };
    }
    return mapped;
  };
  return mapScalars(plan, within);
}
