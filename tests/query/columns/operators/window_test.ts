import { assertEquals } from "@std/assert";
import type { DatabaseSync } from "node:sqlite";
import { UnsupportedAtRuntime } from "../../../../lib/query/columns/fallback.ts";
import { window } from "../../../../lib/query/columns/operators/window.ts";
import type { Scalar, SortKey, WindowFrame, WindowFunction, WindowPlan } from "../../../../lib/query/plan/plan.ts";
import { constant, input } from "../../../../lib/query/plan/scalars.ts";
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

interface Sql<T> {
  readonly sql: string;
  readonly plan: T;
}

const EXCLUDES = ["no others", "no others", "no others", "current row", "group", "ties"] as const;

function randomFrame(random: Random, hasOrder: boolean): Sql<WindowFrame> {
  if (random() < 0.2) {
    return { sql: "", plan: { unit: "range", from: -Infinity, to: hasOrder ? 0 : Infinity, exclude: "no others" } };
  }
  const unit = pickOne(random, ["rows", "rows", "range", "groups"] as const);
  const offsets = unit === "range" ? [-Infinity, 0, Infinity] : [-Infinity, -3, -2, -1, 0, 1, 2, 4, 100, Infinity];
  const from = pickOne(random, offsets.slice(0, -1));
  // SQL has no frame that starts at a kind of bound behind that of its end.
  const to = pickOne(random, offsets.filter((it) => it > -Infinity && Math.sign(it) >= Math.sign(from)));
  const exclude = pickOne(random, EXCLUDES);
  const suffix = exclude === "no others" ? "" : ` EXCLUDE ${exclude}`;
  return {
    sql: `${unit} BETWEEN ${bound(from, "PRECEDING")} AND ${bound(to, "FOLLOWING")}${suffix}`,
    plan: { unit, from, to, exclude },
  };
}

function bound(offset: number, unbounded: string): string {
  if (!Number.isFinite(offset)) return `UNBOUNDED ${unbounded}`;
  return offset === 0 ? "CURRENT ROW" : offset < 0 ? `${-offset} PRECEDING` : `${offset} FOLLOWING`;
}

/** Aggregates that are not SQLite's own, over all values of a frame. */
const OWN: Readonly<Record<string, (numbers: readonly number[]) => number | null>> = {
  median: (numbers) => {
    const sorted = Float64Array.from(numbers).sort();
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  },
  variance: (numbers) => {
    if (numbers.length < 2) return null;
    let sum = 0;
    let squares = 0;
    for (const number of numbers) {
      sum += number - numbers[0];
      squares += (number - numbers[0]) ** 2;
    }
    return Math.max(0, squares - sum * sum / numbers.length) / (numbers.length - 1);
  },
};

function addOwn(db: DatabaseSync): void {
  for (const [name, compute] of Object.entries(OWN)) {
    db.aggregate(name, {
      start: (): unknown[] => [],
      step: (values: unknown[], x: unknown) => [...values, x],
      inverse: (values: unknown[]) => values.slice(1),
      result: (values: unknown[]) => {
        const numbers = values.filter((x) => typeof x === "number" || typeof x === "bigint").map(Number);
        return numbers.length === 0 ? null : compute(numbers);
      },
      useBigIntArguments: true,
    } as never);
  }
}

const AGGREGATES = ["count", "sum", "total", "avg", "min", "max", "sum", "avg", "median", "variance"] as const;
const PLAIN = ["row_number", "rank", "dense_rank", "percent_rank", "cume_dist"] as const;
const POSITIONED = ["first_value", "last_value", "nth_value"] as const;

function randomFunction(random: Random, width: number, frame: WindowFrame): Sql<WindowFunction> {
  const column = () => {
    const at = below(random, width);
    return { sql: `c${at}`, plan: input(at) as Scalar };
  };
  const whole = (values: readonly bigint[]) => {
    const value = pickOne(random, values);
    return { sql: String(value), plan: constant(value) };
  };
  const kind = random();
  let name: WindowFunction["name"];
  let args: Sql<Scalar>[] = [];
  let filter: Sql<Scalar> | undefined;
  if (kind < 0.2) name = pickOne(random, PLAIN);
  else if (kind < 0.25) {
    name = "ntile";
    args = [whole([1n, 2n, 3n, 50n])];
  } else if (kind < 0.4) {
    name = pickOne(random, ["lag", "lead"]);
    args = [column()];
    if (random() < 0.7) args.push(random() < 0.3 ? column() : whole([0n, 1n, 2n, 5n, -1n, -3n]));
    if (args.length > 1 && random() < 0.5) args.push(random() < 0.5 ? column() : whole([42n]));
  } else if (kind < 0.55) {
    name = pickOne(random, POSITIONED);
    args = name === "nth_value" ? [column(), whole([1n, 2n, 7n])] : [column()];
  } else {
    name = pickOne(random, AGGREGATES);
    args = name === "count" && random() < 0.5 ? [] : [column()];
    if (random() < 0.25) {
      const it = column();
      filter = { sql: `${it.sql} > 1`, plan: { kind: "compare", op: ">", left: it.plan, right: constant(1n) } };
    }
  }
  const list = name === "count" && args.length === 0 ? "*" : args.map(({ sql }) => sql).join(", ");
  return {
    sql: `${name}(${list})${filter === undefined ? "" : ` FILTER (WHERE ${filter.sql})`}`,
    plan: { name, args: args.map(({ plan }) => plan), filter: filter?.plan, frame },
  };
}

function randomKey(random: Random, width: number): Sql<SortKey> {
  const at = below(random, width);
  const descending = random() < 0.4;
  const nulls = pickOne(random, [undefined, "FIRST", "LAST"]);
  const nullsFirst = nulls === undefined ? !descending : nulls === "FIRST";
  const sql = `c${at}${descending ? " DESC" : ""}${nulls === undefined ? "" : ` NULLS ${nulls}`}`;
  return { sql, plan: { scalar: input(at), descending, nullsFirst } };
}

async function check(random: Random, rows: readonly Value[][], width: number): Promise<"same" | "left"> {
  const partition = Array.from({ length: below(random, 3) }, () => below(random, width));
  const order = Array.from({ length: below(random, 3) }, () => randomKey(random, width));
  const frame = randomFrame(random, order.length > 0);
  const functions = Array.from({ length: 1 + below(random, 3) }, () => randomFunction(random, width, frame.plan));
  const plan: WindowPlan = {
    kind: "window",
    input: { kind: "values", width, rows: [] },
    partition: partition.map((at) => input(at)),
    order: order.map((key) => key.plan),
    functions: functions.map((it) => it.plan),
  };
  const parts = [
    partition.length > 0 ? `PARTITION BY ${partition.map((at) => `c${at}`).join()}` : "",
    order.length > 0 ? `ORDER BY ${order.map(({ sql }) => sql).join()}` : "",
    frame.sql,
  ];
  const sql = `SELECT *, ${functions.map((it) => `${it.sql} OVER (${parts.join(" ")})`).join(", ")} FROM t`;
  using db = databaseOf({ t: { rows, width } });
  addOwn(db);
  let expected: string[] | undefined;
  let actual: string[] | undefined;
  try {
    expected = texts(answerOf(db, sql));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  try {
    actual = texts(await rowsOf(window(plan, randomBatches(random, rows, width), CONTEXT)));
  } catch (error) {
    if (!(error instanceof UnsupportedAtRuntime)) throw error;
  }
  // What is an error in SQLite is left to SQLite, as are a few other things.
  if (actual === undefined) return "left";
  assertEquals(actual, expected, sql);
  return "same";
}

Deno.test("window: agrees with SQLite for random functions, frames and tables of every kind of vector", async () => {
  let left = 0;
  const count = Number(Deno.env.get("WINDOWS") ?? 1500);
  for (let seed = 0; seed < count; seed++) {
    const random = randomOf(seed);
    const kinds = Array.from({ length: 1 + below(random, 4) }, () => pickOne(random, Object.keys(KINDS)));
    const rows = randomRows(random, kinds, pickOne(random, [0, 1, 2, 10, 40]));
    try {
      if (await check(random, rows, kinds.length) === "left") left++;
    } catch (error) {
      throw new Error(`seed ${seed} of ${kinds}: ${(error as Error).message}`);
    }
  }
  if (left > count / 5) throw new Error(`${left} of ${count} were left to SQLite`);
});
