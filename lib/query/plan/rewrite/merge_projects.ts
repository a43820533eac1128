import type { JoinPlan, Plan, ProjectPlan, Scalar } from "../plan.ts";
import { mapPlans, mapScalars, widthOf } from "../plans.ts";
import { inputs, inputsOf, isTrivial, moveInputs, replaceInputs, visit } from "../scalars.ts";

/**
 * A projection below a projection, groups or a join becomes a part of these, so that a subquery in FROM or a common table is
 * planned as if it had been written out.
 *
 * Condition: nothing is computed more often than before. On the side of an outer join that may be missing, only columns are
 * taken as they are: what is computed of a missing row is NULL, whatever it would be of NULLs.
 */
export function mergeProjects(plan: Plan): Plan {
  const mapped = mapPlans(plan, mergeProjects);
  switch (mapped.kind) {
    case "project":
    case "aggregate": {
      const { input } = mapped;
      if (input.kind !== "project" || !isCheap(input.items, scalarsOf(mapped))) return mapped;
      const within = (scalar: Scalar) => replaceInputs(scalar, (at) => input.items[at]);
      return mergeProjects({ ...mapScalars(mapped, within) as typeof mapped, input: input.input });
    }
    case "join":
      return mapped.join === "inner" || mapped.join === "left" ? mergeJoin(mapped) : mapped;
    default:
      return mapped;
  }
}

function mergeJoin(plan: JoinPlan): Plan {
  const isMovable = (side: Plan, mayBeMissing: boolean): side is ProjectPlan =>
    side.kind === "project" && side.items.every((item) => mayBeMissing ? item.kind === "input" : isTrivial(item));
  const [left, right] = [plan.left, plan.right];
  const takesLeft = isMovable(left, false);
  const takesRight = isMovable(right, plan.join === "left");
  if (!takesLeft && !takesRight) return plan;
  const below = takesLeft ? left.input : left;
  const width = widthOf(below);
  const leftItems = takesLeft ? left.items : inputs(widthOf(left));
  const rightItems = takesRight ? right.items : inputs(widthOf(right));
  const items = [...leftItems, ...rightItems.map((item) => moveInputs(item, (at) => at + width))];
  const join: JoinPlan = {
    ...plan,
    left: below,
    right: takesRight ? right.input : right,
    equal: plan.equal.map((pair) => ({
      left: replaceInputs(pair.left, (at) => leftItems[at]),
      right: replaceInputs(pair.right, (at) => rightItems[at]),
    })),
    on: plan.on && replaceInputs(plan.on, (at) => items[at]),
  };
  return { kind: "project", input: join, items };
}

/** Whether no item that costs something is used more than once. */
function isCheap(items: readonly Scalar[], scalars: readonly Scalar[]): boolean {
  const uses = new Map<number, number>();
  for (const scalar of scalars) {
    visit(scalar, (part) => part.kind === "input" && uses.set(part.index, (uses.get(part.index) ?? 0) + 1));
  }
  return [...inputsOf(...scalars)].every((at) => isTrivial(items[at]) || uses.get(at) === 1);
}

function scalarsOf(plan: Plan): Scalar[] {
  const found: Scalar[] = [];
  mapScalars(plan, (scalar) => {
    found.push(scalar);
    return scalar;
  });
  return found;
}
