import type {
  Aggregate,
  AggregateName,
  AggregatePlan,
  Plan,
  Scalar,
  ScanPlan,
  SortKey,
} from "../../../lib/query/plan/plan.ts";
import { widthOf } from "../../../lib/query/plan/plans.ts";
import { constant, input, inputs } from "../../../lib/query/plan/scalars.ts";
import { randomValue } from "./random_columns.ts";
import type { Random } from "./random.ts";

/**
 * A scalar over the columns of a plan, most often a column; scalars have tests of their own. Without an affinity: SQLite would
 * convert other inputs of a UNION ALL by it.
 */
function over(random: Random, plan: Plan, simple = 0.7): Scalar {
  const width = widthOf(plan);
  const column = (): Scalar => input(random.below(width));
  if (random.chance(simple)) return column();
  switch (random.below(5)) {
    case 0:
      return constant(randomValue(random));
    case 1:
      return { kind: "arithmetic", op: random.pick(["+", "-", "*", "||"]), left: column(), right: column() };
    case 2:
      return { kind: random.pick(["not", "negate"]), operand: column() };
    case 3:
      return condition(random, plan);
    default:
      return { kind: "case", branches: [{ when: condition(random, plan), then: column() }], otherwise: column() };
  }
}

export function condition(random: Random, plan: Plan): Scalar {
  const column = (): Scalar => input(random.below(widthOf(plan)));
  const right = random.chance(0.5) ? column() : constant(randomValue(random));
  const compared: Scalar = {
    kind: "compare",
    op: random.pick(["=", "<>", "<", ">=", "is", "is not"]),
    left: column(),
    right,
  };
  return random.chance(0.2) ? { kind: random.pick(["and", "or"]), items: [compared, column()] } : compared;
}

const NAMES: readonly AggregateName[] = [
  ...["count", "count", "sum", "sum", "total", "avg", "avg", "min", "max", "median", "percentile"] as const,
  ...["percentile_cont", "percentile_disc", "stddev", "stddev_pop", "variance", "variance_pop"] as const,
];

export function aggregatePlan(random: Random, from: Plan): AggregatePlan {
  const keys = Array.from({ length: random.below(4) }, () => over(random, from, 0.9));
  const aggregates = Array.from({ length: 1 + random.below(4) }, (): Aggregate => {
    const name = random.pick(NAMES);
    const filter = random.chance(0.2) ? condition(random, from) : undefined;
    if (name === "count" && random.chance(0.4)) return { name, args: [], distinct: false, filter };
    const args = [over(random, from, 0.85)];
    if (name === "percentile") args.push(constant(random.pick([0n, 50n, 12.5, 100n, "25", 101n])));
    else if (name.startsWith("percentile")) args.push(constant(random.pick([0n, 0.5, 0.1, 1n, "0.25", -1n])));
    // SQLite has DISTINCT only for one argument.
    return { name, args, distinct: args.length === 1 && random.chance(0.25), filter };
  });
  return { kind: "aggregate", input: from, keys, aggregates };
}

/** One min or max with columns of its row. */
export function besidePlan(random: Random, from: Plan): AggregatePlan {
  const plain = { distinct: false, filter: undefined };
  const name = random.pick(["min", "max"] as const);
  const beside = Array.from(
    { length: 2 },
    () => ({ name: "any", args: [input(random.below(widthOf(from)))], ...plain, rowOf: 0 }) as const,
  );
  const keys = Array.from({ length: random.below(3) }, () => input(random.below(widthOf(from))));
  return {
    kind: "aggregate",
    input: from,
    keys,
    aggregates: [{ name, args: [over(random, from)], ...plain }, ...beside],
  };
}

export function sortKeys(random: Random, from: Plan, count: number): SortKey[] {
  return Array.from({ length: count }, () => ({
    scalar: over(random, from),
    descending: random.chance(0.5),
    nullsFirst: random.chance(0.5),
  }));
}

/** What a subquery gives does not depend on the order of rows only if it has one row, or one that is the least. */
function first(tables: readonly string[], width: number, plan: Plan): Plan {
  const keys = inputs(widthOf(plan)).map((scalar) => ({ scalar, descending: false, nullsFirst: false }));
  const sorted: Plan = { kind: "sort", input: plan, keys, limit: undefined };
  // Its conditions are asked while a table is read.
  const column = { table: tables[0], column: "c0" };
  const scan: ScanPlan = { kind: "scan", table: tables[0], columns: Array(width).fill(column), where: [] };
  const where: Scalar = { kind: "compare", op: ">=", left: input(0), right: { kind: "subquery", plan: sorted } };
  const counted = { kind: "aggregate", input: { ...scan, where: [where] }, keys: [], aggregates: [COUNT] } as const;
  return { kind: "concat", inputs: [sorted, counted] };
}

const COUNT: Aggregate = { name: "count", args: [], distinct: false, filter: undefined };

function withPlan(random: Random, from: Plan, plan: Plan): Scalar {
  const column = input(random.below(widthOf(from)));
  switch (random.below(3)) {
    case 0:
      return { kind: "compare", op: random.pick(["=", "<>", "<"]), left: column, right: { kind: "subquery", plan } };
    case 1:
      return { kind: "in", operand: column, set: { kind: "plan", plan, affinity: "none" } };
    default:
      return { kind: random.pick(["or", "and"]), items: [column, { kind: "exists", plan }] };
  }
}

function joinPlan(random: Random, left: Plan, right: Plan): Plan {
  const equal = Array.from({ length: 1 + random.below(2) }, () => ({
    left: input(random.below(widthOf(left))),
    right: input(random.below(widthOf(right))),
  }));
  const both: Plan = { kind: "join", join: "inner", left, right, equal, on: undefined };
  const on = random.chance(0.3) ? condition(random, both) : undefined;
  return { ...both, join: random.pick(["inner", "left", "semi", "anti"]), on };
}

/** A plan of some operators over tables `t` and `u`, whose rows do not depend on the order of their rows. */
export function randomPlan(random: Random, tables: readonly string[], width: number, height: number): Plan {
  const below = (): Plan => randomPlan(random, tables, width, height - 1);
  const fitted = (plan: Plan): Plan => {
    if (widthOf(plan) === width) return plan;
    return { kind: "project", input: plan, items: Array.from({ length: width }, () => over(random, plan)) };
  };
  if (height === 0) {
    if (random.chance(0.1)) {
      const rows = Array.from(
        { length: random.below(4) },
        () => Array.from({ length: width }, () => randomValue(random)),
      );
      return { kind: "values", width, rows };
    }
    const table = random.pick(tables);
    const columns = Array.from({ length: width }, () => ({ table, column: `c${random.below(width)}` }));
    const scan = { kind: "scan", table, columns, where: [] } as const;
    return random.chance(0.3) ? { ...scan, where: [condition(random, scan)] } : scan;
  }
  switch (random.below(10)) {
    case 0: {
      const from = below();
      return { kind: "filter", input: from, condition: condition(random, from) };
    }
    case 8: {
      const from = below();
      return { kind: "filter", input: from, condition: withPlan(random, from, first(tables, width, below())) };
    }
    case 9:
      return fitted(joinPlan(random, below(), below()));
    case 1: {
      const from = below();
      return { kind: "project", input: from, items: Array.from({ length: width }, () => over(random, from, 0.4)) };
    }
    case 2:
      return fitted(aggregatePlan(random, below()));
    case 3:
      return { kind: "distinct", input: below() };
    case 4: {
      const from = below();
      const keys = [
        ...sortKeys(random, from, 2),
        ...inputs(width).map((scalar) => ({
          scalar,
          descending: false,
          nullsFirst: true,
        })),
      ];
      const sorted: Plan = { kind: "sort", input: from, keys, limit: undefined };
      const offset = random.below(4);
      const count = random.pick([0, 1, 5, 50, Infinity]);
      const limit = random.chance(0.5) && count !== Infinity ? offset + count : undefined;
      return { kind: "limit", input: { ...sorted, limit }, offset, count };
    }
    case 5:
      return { kind: "concat", inputs: Array.from({ length: 1 + random.below(3) }, below) };
    case 6:
      return { kind: "compound", op: random.pick(["union", "intersect", "except"]), left: below(), right: below() };
    default: {
      const shared: Plan = { kind: "shared", id: random.below(1e9), input: below() };
      return { kind: "concat", inputs: [shared, { kind: "distinct", input: shared }] };
    }
  }
}
