import type { JoinPlan, Plan, Scalar } from "../plan.ts";
import { mapPlans, widthOf } from "../plans.ts";
import { allOf, conjunctsOf, inputsOf, moveInputs, replaceInputs } from "../scalars.ts";

/**
 * Conditions move towards the scans, and equalities between the sides of a join become its pairs.
 *
 * Condition: each conjunct alone; through a projection as what it computes, through groups where it looks at keys only, into
 * both inputs of a UNION ALL or a compound, into the left side of an outer join. A condition on the right side of an outer
 * join moves only if it stands in its ON. LIMIT, windows and shared plans stop it.
 */
export function pushConditions(plan: Plan): Plan {
  return push(plan, []);
}

function push(plan: Plan, conditions: readonly Scalar[]): Plan {
  switch (plan.kind) {
    case "filter":
      return push(plan.input, [...conjunctsOf(plan.condition), ...conditions]);
    case "scan":
      return { ...plan, where: [...plan.where, ...conditions] };
    case "project": {
      const { items } = plan;
      const within = conditions.flatMap((it) => conjunctsOf(replaceInputs(it, (at) => items[at])));
      return { ...plan, input: push(plan.input, within) };
    }
    case "sort":
      if (plan.limit !== undefined) return filtered({ ...plan, input: push(plan.input, []) }, conditions);
      return { ...plan, input: push(plan.input, conditions) };
    case "distinct":
      return { ...plan, input: push(plan.input, conditions) };
    case "concat":
      return { ...plan, inputs: plan.inputs.map((it) => push(it, conditions)) };
    case "compound":
      return { ...plan, left: push(plan.left, conditions), right: push(plan.right, conditions) };
    case "aggregate": {
      const { keys } = plan;
      const [down, here] = parted(conditions, (it) => {
        const used = inputsOf(it);
        // Without keys there is one row even of no input.
        return used.size > 0 && [...used].every((at) => at < keys.length);
      });
      const within = down.flatMap((it) => conjunctsOf(replaceInputs(it, (at) => keys[at])));
      return filtered({ ...plan, input: push(plan.input, within) }, here);
    }
    case "join":
      return pushIntoJoin(plan, conditions);
    default:
      return filtered(mapPlans(plan, (it) => push(it, [])), conditions);
  }
}

function pushIntoJoin(plan: JoinPlan, conditions: readonly Scalar[]): Plan {
  const width = widthOf(plan.left);
  const isInner = plan.join === "inner";
  const sideOf = (it: Scalar): "left" | "right" | "both" => {
    const used = [...inputsOf(it)];
    return used.every((at) => at < width) ? "left" : used.every((at) => at >= width) ? "right" : "both";
  };
  const left: Scalar[] = [];
  const right: Scalar[] = [];
  const above: Scalar[] = [];
  const equal = [...plan.equal];
  const on: Scalar[] = [];
  const within = (it: Scalar): void => {
    const side = sideOf(it);
    const pair = side === "both" ? pairOf(it, width) : undefined;
    if (side === "right") right.push(moveInputs(it, (at) => at - width));
    else if (side === "left" && isInner) left.push(it);
    else if (pair !== undefined) equal.push(pair);
    else on.push(it);
  };
  conjunctsOf(plan.on).forEach(within);
  for (const it of conditions) {
    if (isInner) within(it);
    else if (sideOf(it) === "left") left.push(it);
    else above.push(it);
  }
  const join = { ...plan, left: push(plan.left, left), right: push(plan.right, right), equal, on: allOf(on) };
  return filtered(join, above);
}

/** The pair that an equality between both sides is. */
function pairOf(it: Scalar, width: number): JoinPlan["equal"][number] | undefined {
  if (it.kind !== "compare" || it.op !== "=") return undefined;
  const [a, b] = [[...inputsOf(it.left)], [...inputsOf(it.right)]];
  if (a.length === 0 || b.length === 0) return undefined;
  const isLeft = (used: readonly number[]) => used.every((at) => at < width);
  const isRight = (used: readonly number[]) => used.every((at) => at >= width);
  const moved = (scalar: Scalar) => moveInputs(scalar, (at) => at - width);
  if (isLeft(a) && isRight(b)) return { left: it.left, right: moved(it.right) };
  if (isRight(a) && isLeft(b)) return { left: it.right, right: moved(it.left) };
}

function parted<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function filtered(plan: Plan, conditions: readonly Scalar[]): Plan {
  const condition = allOf(conditions);
  return condition === undefined ? plan : { kind: "filter", input: plan, condition };
}
