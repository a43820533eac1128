import type { Facts } from "../facts.ts";
import type { JoinPlan, Plan, Scalar, ScanColumn, ScanPlan } from "../plan.ts";
import { mapPlans } from "../plans.ts";
import { moveInputs } from "../scalars.ts";

/** The tables whose rows are each of one run, and so of one experiment. */
const OF_RUNS: readonly string[] = ["points", "metrics", "events", "files", "logs"];

/**
 * A join of rows with the experiment or the run that they are of becomes columns of their scan.
 *
 * Condition: the pairs are ids alone, among them one that is unique: `exp` (or `id`) of experiments, `run` of runs; `repo`
 * beside it makes an id of an experiment unique in any case. An outer join must have no condition beside its pairs, and
 * the rows must be on its left: each of them has its experiment, so that nothing is ever missing.
 */
export function dimensionJoins(facts: Facts): (plan: Plan) => Plan {
  const rewrite = (plan: Plan): Plan => {
    const mapped = mapPlans(plan, rewrite);
    return mapped.kind === "join" ? rewriteJoin(mapped, facts) : mapped;
  };
  return rewrite;
}

function rewriteJoin(plan: JoinPlan, facts: Facts): Plan {
  const { left, right, join, on } = plan;
  if (left.kind !== "scan" || right.kind !== "scan" || left.top !== undefined || right.top !== undefined) return plan;
  const isOuter = join === "left";
  if (join !== "inner" && !isOuter) return plan;
  if (isOuter && (on !== undefined || right.where.length > 0)) return plan;
  const isFit = isDimensionOf(left, right, plan, facts, "left") ||
    !isOuter && isDimensionOf(right, left, plan, facts, "right");
  if (!isFit) return plan;
  const fact = isDimensionOf(left, right, plan, facts, "left") ? left : right;
  const width = left.columns.length;
  const scan: ScanPlan = {
    kind: "scan",
    table: fact.table,
    columns: [...left.columns, ...right.columns],
    where: [...left.where, ...right.where.map((it) => moveInputs(it, (at) => at + width)), ...on ? [on] : []],
  };
  return scan;
}

/** Whether each row of a fact has exactly one row of a dimension that the pairs allow. */
function isDimensionOf(
  fact: ScanPlan,
  dimension: ScanPlan,
  { equal }: JoinPlan,
  facts: Facts,
  side: "left" | "right",
): boolean {
  const { table } = dimension;
  if (
    table === "experiments"
      ? ![...OF_RUNS, "runs"].includes(fact.table)
      : table !== "runs" || !OF_RUNS.includes(fact.table)
  ) {
    return false;
  }
  // A table that is there already is another row of it.
  if (fact.columns.some((column) => column.table === table) || dimension.columns.some((it) => it.table !== table)) {
    return false;
  }
  const ids = new Set<string>();
  for (const pair of equal) {
    const [own, other] = side === "left" ? [pair.left, pair.right] : [pair.right, pair.left];
    const [a, b] = [idOf(fact, own), idOf(dimension, other)];
    if (a === undefined || a !== b) return false;
    ids.add(a);
  }
  if (table === "experiments") return ids.has("exp") && (ids.has("repo") || facts.uniqueExperiments);
  return ids.has("run") && facts.uniqueRuns;
}

/** The id that a column holds, whichever table it is taken from. */
function idOf(scan: ScanPlan, scalar: Scalar): string | undefined {
  if (scalar.kind !== "input") return undefined;
  const { table, column, path }: ScanColumn = scan.columns[scalar.index];
  if (path !== undefined) return undefined;
  if (column === "id" && table === "experiments") return "exp";
  return column === "exp" || column === "run" || column === "repo" ? column : undefined;
}
