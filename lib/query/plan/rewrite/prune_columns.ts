import type { Plan, Scalar } from "../plan.ts";
import { mapAggregate, mapFunction, mapKey, widthOf } from "../plans.ts";
import { inputsOf, moveInputs } from "../scalars.ts";

/** A plan with fewer columns, and where those that are needed went. */
interface Pruned {
  readonly plan: Plan;
  readonly to: (index: number) => number;
}

/** Scans read, and operators pass on, only columns that are looked at. The columns of the whole plan stay. */
export function pruneColumns(plan: Plan): Plan {
  const width = widthOf(plan);
  const { plan: pruned, to } = prune(plan, new Set(Array(width).keys()));
  const places = Array.from({ length: width }, (_, at) => to(at));
  if (widthOf(pruned) === width && places.every((to, at) => to === at)) return pruned;
  return { kind: "project", input: pruned, items: places.map((index) => ({ kind: "input", index })) };
}

function prune(plan: Plan, needed: ReadonlySet<number>): Pruned {
  const same = (plan: Plan): Pruned => ({ plan, to: (index) => index });
  const moved = (to: Pruned["to"]) => (scalar: Scalar) => moveInputs(scalar, to);
  switch (plan.kind) {
    case "scan": {
      const top = plan.top === undefined ? [] : [plan.top.column];
      const kept = sorted(needed, inputsOf(...plan.where), top);
      const to = placesOf(kept);
      return {
        plan: {
          ...plan,
          columns: kept.map((at) => plan.columns[at]),
          where: plan.where.map(moved(to)),
          ...plan.top && { top: { ...plan.top, column: to(plan.top.column) } },
        },
        to,
      };
    }
    case "project": {
      const kept = sorted(needed);
      const items = kept.map((at) => plan.items[at]);
      const { plan: input, to } = prune(plan.input, inputsOf(...items));
      return { plan: { ...plan, input, items: items.map(moved(to)) }, to: placesOf(kept) };
    }
    case "filter": {
      const { plan: input, to } = prune(plan.input, union(needed, inputsOf(plan.condition)));
      return { plan: { ...plan, input, condition: moved(to)(plan.condition) }, to };
    }
    case "sort": {
      const { plan: input, to } = prune(plan.input, union(needed, inputsOf(...plan.keys.map((key) => key.scalar))));
      return { plan: { ...plan, input, keys: plan.keys.map((key) => mapKey(key, moved(to))) }, to };
    }
    case "limit": {
      const { plan: input, to } = prune(plan.input, needed);
      return { plan: { ...plan, input }, to };
    }
    case "aggregate": {
      const scalars = [...plan.keys, ...plan.aggregates.flatMap((it) => [...it.args, it.filter])];
      const { plan: input, to } = prune(plan.input, inputsOf(...scalars));
      const aggregates = plan.aggregates.map((it) => mapAggregate(it, moved(to)));
      return same({ ...plan, input, keys: plan.keys.map(moved(to)), aggregates });
    }
    case "window": {
      const width = widthOf(plan.input);
      const own = [...plan.partition, ...plan.order.map((key) => key.scalar)];
      const used = inputsOf(...own, ...plan.functions.flatMap((it) => [...it.args, it.filter]));
      const below = union(new Set([...needed].filter((at) => at < width)), used);
      const { plan: input, to } = prune(plan.input, below);
      const narrow = widthOf(input);
      return {
        plan: {
          ...plan,
          input,
          partition: plan.partition.map(moved(to)),
          order: plan.order.map((key) => mapKey(key, moved(to))),
          functions: plan.functions.map((it) => mapFunction(it, moved(to))),
        },
        to: (at) => at < width ? to(at) : narrow + at - width,
      };
    }
    case "join": {
      const width = widthOf(plan.left);
      const above = union(needed, inputsOf(plan.on));
      const isLeft = (at: number) => at < width;
      const leftNeeded = new Set([...above].filter(isLeft));
      const rightNeeded = new Set([...above].filter((at) => !isLeft(at)).map((at) => at - width));
      const left = prune(plan.left, union(leftNeeded, inputsOf(...plan.equal.map((pair) => pair.left))));
      const right = prune(plan.right, union(rightNeeded, inputsOf(...plan.equal.map((pair) => pair.right))));
      const narrow = widthOf(left.plan);
      const to = (at: number) => isLeft(at) ? left.to(at) : narrow + right.to(at - width);
      return {
        plan: {
          ...plan,
          left: left.plan,
          right: right.plan,
          equal: plan.equal.map((pair) => ({ left: moved(left.to)(pair.left), right: moved(right.to)(pair.right) })),
          on: plan.on && moved(to)(plan.on),
        },
        to,
      };
    }
    case "concat": {
      // Each input must give the same columns in the same places.
      const kept = sorted(needed);
      const inputs = plan.inputs.map((input): Plan => {
        const { plan, to } = prune(input, needed);
        return { kind: "project", input: plan, items: kept.map((at) => ({ kind: "input", index: to(at) })) };
      });
      return { plan: { ...plan, inputs }, to: placesOf(kept) };
    }
    case "compound":
      return same({ ...plan, left: pruneColumns(plan.left), right: pruneColumns(plan.right) });
    case "distinct":
    case "shared":
      return same({ ...plan, input: pruneColumns(plan.input) });
    case "values":
      return same(plan);
  }
}

function union(...sets: readonly Iterable<number>[]): Set<number> {
  return new Set(sets.flatMap((set) => [...set]));
}

function sorted(...sets: readonly Iterable<number>[]): number[] {
  return [...union(...sets)].sort((a, b) => a - b);
}

function placesOf(kept: readonly number[]): (index: number) => number {
  const places = new Map(kept.map((index, at) => [index, at]));
  return (index) => places.get(index) ?? 0;
}
