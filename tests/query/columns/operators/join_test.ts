import { assertEquals } from "@std/assert";
import { join } from "../../../../lib/query/columns/operators/join.ts";
import type { CompareOperator, JoinPlan, Plan, Scalar } from "../../../../lib/query/plan/plan.ts";
import { allOf, constant, input } from "../../../../lib/query/plan/scalars.ts";
import type { Value } from "../../../../lib/query/values/value.ts";
import {
  answerOf,
  below,
  CONTEXT,
  databaseOf,
  KINDS,
  pickOne,
  type Random,
  randomBatches,
  randomOf,
  randomRows,
  rowsOf,
  texts,
} from "./random_table.ts";

const values = (width: number): Plan => ({ kind: "values", width, rows: [] });

/** A condition over both sides, as SQL and as a scalar. */
interface Condition {
  readonly sql: string;
  readonly scalar: Scalar;
}

function compare(op: CompareOperator, left: number, right: number, width: number): Condition {
  return {
    sql: `l.c${left} ${op} r.c${right}`,
    scalar: { kind: "compare", op, left: input(left), right: input(width + right) },
  };
}

/** Some of: comparisons of both sides, in both directions, and of one side or none with a number. */
function randomCondition(random: Random, left: number, right: number): Condition | undefined {
  const all = Array.from({ length: below(random, 4) }, (): Condition => {
    const op = pickOne(random, ["<", "<=", ">", ">=", "=", "<>"] as const);
    const [a, b] = [below(random, left), below(random, right)];
    const kind = random();
    if (kind < 0.5) return compare(op, a, b, left);
    if (kind < 0.75) {
      return {
        sql: `r.c${b} ${op} l.c${a}`,
        scalar: { kind: "compare", op, left: input(left + b), right: input(a) },
      };
    }
    const one = pickOne(random, [
      { sql: `l.c${a}`, scalar: input(a) },
      { sql: `r.c${b}`, scalar: input(left + b) },
      { sql: "2", scalar: constant(2n) },
    ]);
    return { sql: `${one.sql} ${op} 1`, scalar: { kind: "compare", op, left: one.scalar, right: constant(1n) } };
  });
  const scalar = allOf(all.map(({ scalar }) => scalar));
  return scalar && { sql: all.map(({ sql }) => sql).join(" AND "), scalar };
}

async function check(
  random: Random,
  left: { rows: readonly Value[][]; width: number },
  right: { rows: readonly Value[][]; width: number },
  pairs: readonly (readonly [number, number])[],
  on: Condition | undefined,
): Promise<void> {
  using db = databaseOf({ l: left, r: right });
  const conditions = pairs.map(([a, b]) => `l.c${a} = r.c${b}`);
  if (on !== undefined) conditions.push(on.sql);
  const where = conditions.join(" AND ") || "1";
  const queries: Record<JoinPlan["join"], string> = {
    inner: `SELECT l.*, r.* FROM l CROSS JOIN r ON ${where} ORDER BY l.rowid, r.rowid`,
    left: `SELECT l.*, r.* FROM l LEFT JOIN r ON ${where} ORDER BY l.rowid, r.rowid`,
    semi: `SELECT l.* FROM l WHERE EXISTS (SELECT 1 FROM r WHERE ${where}) ORDER BY l.rowid`,
    anti: `SELECT l.* FROM l WHERE NOT EXISTS (SELECT 1 FROM r WHERE ${where}) ORDER BY l.rowid`,
  };
  for (const kind of ["inner", "left", "semi", "anti"] as const) {
    const plan: JoinPlan = {
      kind: "join",
      join: kind,
      left: values(left.width),
      right: values(right.width),
      equal: pairs.map(([a, b]) => ({ left: input(a), right: input(b) })),
      on: on?.scalar,
    };
    const joined = join(
      plan,
      randomBatches(random, left.rows, left.width),
      randomBatches(random, right.rows, right.width),
      CONTEXT,
    );
    assertEquals(texts(await rowsOf(joined)), texts(answerOf(db, queries[kind])), `${kind} ${where}`);
  }
}

Deno.test("join: agrees with SQLite on random tables of every kind of vector", async () => {
  const count = Number(Deno.env.get("JOINS") ?? 600);
  for (let seed = 0; seed < count; seed++) {
    const random = randomOf(seed);
    const table = () => {
      const kinds = Array.from(
        { length: 1 + below(random, 4) },
        () => random() < 0.4 ? pickOne(random, ["whole", "real", "infinite"]) : pickOne(random, Object.keys(KINDS)),
      );
      const rows = randomRows(random, kinds, pickOne(random, [0, 1, 5, 20, 60]));
      return { rows, width: kinds.length };
    };
    const [left, right] = [table(), table()];
    const pairs = Array.from(
      { length: below(random, 4) },
      () => [below(random, left.width), below(random, right.width)] as const,
    );
    const on = randomCondition(random, left.width, right.width);
    try {
      await check(random, left, right, pairs, on);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`);
    }
  }
});

Deno.test("join: many candidates of one row are seen some at a time [slow]", async () => {
  const random = randomOf(1);
  const left = { rows: randomRows(random, ["whole", "numeric"], 12), width: 2 };
  const right = { rows: randomRows(random, ["whole", "text", "numeric"], 20_000), width: 3 };
  await check(random, left, right, [[0, 0]], compare("<", 1, 2, 2));
  await check(random, left, right, [], compare("=", 0, 2, 2));
  await check(random, { rows: left.rows.slice(0, 3), width: 2 }, right, [], undefined);
});

Deno.test("join: keys whose combinations are far more than there are rows", async () => {
  const random = randomOf(2);
  const rows = Array.from({ length: 3000 }, (): Value[] => [
    BigInt(below(random, 1e9)),
    random() * 1e6,
    `key ${below(random, 1000)}`,
    BigInt(below(random, 1e15)),
  ]);
  const others = rows.map((row, at) => at % 3 === 0 ? row : rows[below(random, rows.length)]);
  await check(random, { rows, width: 4 }, { rows: others, width: 4 }, [[0, 0], [1, 1], [2, 2], [3, 3]], undefined);
});

Deno.test("join: rows of a range, in the order of the right where that is another", async () => {
  const random = randomOf(3);
  const left = { rows: Array.from({ length: 12 }, () => [BigInt(below(random, 3)), random()]), width: 2 };
  const right = { rows: Array.from({ length: 9000 }, () => [BigInt(below(random, 3)), random()]), width: 2 };
  const scalar = (op: CompareOperator, by: number): Scalar => {
    const bound: Scalar = { kind: "arithmetic", op: "+", left: input(1), right: constant(by) };
    return { kind: "compare", op, left: input(3), right: bound };
  };
  for (const [low, high] of [[-0.01, 0.01], [-0.7, 0.7], [0.3, 0.1]]) {
    await check(random, left, right, [[0, 0]], {
      sql: `r.c1 >= l.c1 + ${low} AND r.c1 < l.c1 + ${high}`,
      scalar: { kind: "and", items: [scalar(">=", low), scalar("<", high)] },
    });
  }
});
