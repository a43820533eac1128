import { UnsupportedAtRuntime } from "../../../lib/query/columns/fallback.ts";
import { runPlan } from "../../../lib/query/columns/run.ts";
import type { Plan, ScanPlan } from "../../../lib/query/plan/plan.ts";
import { widthOf } from "../../../lib/query/plan/plans.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { fillTables, openOracle, oracleRows, RandomReader, shownRows, type Tables } from "./plan_oracle.ts";
import { planSql } from "./plan_sql.ts";
import { randomColumn } from "./random_columns.ts";
import { aggregatePlan, besidePlan, condition, randomPlan, sortKeys } from "./random_plan.ts";
import { Random } from "./random.ts";

const SEED = Number(Deno.env.get("DBX_SEED") ?? Date.now() % 1_000_000);
const ROUNDS = Number(Deno.env.get("DBX_ROUNDS") ?? 25);
const WIDTH = 4;

function randomTables(random: Random): Tables {
  const table = () => {
    const count = random.pick([0, 1, 2, 15, 60, 400]);
    return Array.from({ length: WIDTH }, () => randomColumn(random, count).values);
  };
  return { t: table(), u: table() };
}

function scanOf(random: Random): ScanPlan {
  const columns = Array.from({ length: WIDTH }, (_, at) => ({ table: "t", column: `c${at}` }));
  const scan: ScanPlan = { kind: "scan", table: "t", columns, where: [] };
  return random.chance(0.2) ? { ...scan, where: [condition(random, scan)] } : scan;
}

/** Compares random plans with SQLite. */
async function compareAll(
  seed: number,
  make: (random: Random) => Plan,
  { inOrder, perTable = 12 }: { readonly inOrder: boolean; readonly perTable?: number },
): Promise<void> {
  const random = new Random(seed);
  const tally = { asked: 0, errors: 0, fallbacks: 0 };
  using db = openOracle();
  for (let round = 0; round < ROUNDS; round++) {
    const tables = randomTables(random);
    fillTables(db, tables);
    for (let at = 0; at < perTable; at++) {
      const plan = make(random);
      const bindings: Record<string, Value> = {};
      const sql = planSql(plan, bindings);
      tally.asked++;
      let expected: string[];
      try {
        expected = oracleRows(db, sql, widthOf(plan), bindings);
      } catch {
        tally.errors++;
        continue;
      }
      let found: string[];
      try {
        found = await shownRows(runPlan(plan, new RandomReader(tables, random)));
      } catch (error) {
        if (!(error instanceof UnsupportedAtRuntime)) throw new Error(`seed ${seed}: ${sql}`, { cause: error });
        tally.fallbacks++;
        continue;
      }
      if (!inOrder) [expected, found] = [expected.toSorted(), found.toSorted()];
      const wrong = expected.findIndex((row, at) => row !== found[at]);
      if (wrong < 0 && expected.length === found.length) continue;
      const shown = Object.entries(bindings).map(([name, value]) => `${name}=${typeof value} ${value}`).join(", ");
      throw new Error(
        `seed ${seed}, round ${round}: ${sql}\n${shown}\n${found.length} rows, SQLite ${expected.length}; row ${wrong}: ` +
          `${found[wrong]}\nSQLite: ${expected[wrong]}`,
      );
    }
  }
  console.log(`seed ${seed}: ${tally.asked} asked, ${tally.errors} errors, ${tally.fallbacks} fallbacks`);
  if (tally.fallbacks > tally.asked / 3) throw new Error("too many fallbacks");
}

Deno.test("runPlan: filter and project give SQLite's rows in their order", () =>
  compareAll(SEED, (random) => {
    const from = scanOf(random);
    const filtered: Plan = { kind: "filter", input: from, condition: condition(random, from) };
    return { kind: "project", input: filtered, items: sortKeys(random, from, 3).map(({ scalar }) => scalar) };
  }, { inOrder: true }));

Deno.test("runPlan: aggregates give SQLite's groups in the order of their keys", () =>
  compareAll(SEED, (random) => aggregatePlan(random, scanOf(random)), { inOrder: true, perTable: 40 }));

Deno.test("runPlan: columns beside min and max are those of their row", () =>
  compareAll(SEED, (random) => besidePlan(random, scanOf(random)), { inOrder: true }));

Deno.test("runPlan: DISTINCT gives the first of equal rows", () =>
  compareAll(SEED, (random) => {
    const input = scanOf(random);
    const items = sortKeys(random, input, 1 + random.below(3)).map(({ scalar }) => scalar);
    return { kind: "distinct", input: { kind: "project", input, items } };
  }, { inOrder: true }));

Deno.test("runPlan: sorting is stable, with and without a limit", () =>
  compareAll(SEED, (random) => {
    const input = scanOf(random);
    const limit = random.pick([undefined, 1, 3, 20]);
    return { kind: "sort", input, keys: sortKeys(random, input, 1 + random.below(3)), limit };
  }, { inOrder: true }));

Deno.test("runPlan: UNION, INTERSECT and EXCEPT give distinct rows in their order", () =>
  compareAll(SEED, (random) => {
    const side = (): Plan => {
      const input = scanOf(random);
      const items = sortKeys(random, input, 2).map(({ scalar }) => scalar);
      return { kind: "project", input: { ...input, table: random.pick(["t", "u"]) }, items };
    };
    const op = random.pick(["union", "intersect", "except"] as const);
    return { kind: "compound", op, left: side(), right: side() };
  }, { inOrder: true }));

Deno.test("runPlan: random plans of several operators give SQLite's rows [slow]", () =>
  compareAll(SEED, (random) => randomPlan(random, ["t", "u"], 3, 1 + random.below(3)), {
    inOrder: false,
    perTable: 40,
  }));
