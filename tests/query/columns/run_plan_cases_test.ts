import { UnsupportedAtRuntime } from "../../../lib/query/columns/fallback.ts";
import { runPlan } from "../../../lib/query/columns/run.ts";
import type { Batch } from "../../../lib/query/vectors/vector.ts";
import type { Aggregate, AggregateName, Plan, Scalar, ScanPlan } from "../../../lib/query/plan/plan.ts";
import { constant, input } from "../../../lib/query/plan/scalars.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import type { TableReader } from "../../../lib/query/plan/table_reader.ts";
import { runOrFallBack } from "../../../lib/query/session/run_or_fall_back.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { shownRows } from "./plan_oracle.ts";

/** A table of 1, 2, 3, … in small batches, which counts what it is asked for. */
class CountingReader implements TableReader {
  scans = 0;
  batches = 0;
  ended = 0;

  constructor(readonly rows = 100, readonly batchRows = 10) {}

  async *scan({ columns }: ScanPlan): AsyncIterable<Batch> {
    this.scans++;
    try {
      for (let from = 0; from < this.rows; from += this.batchRows) {
        this.batches++;
        await Promise.resolve();
        const count = Math.min(this.batchRows, this.rows - from);
        const data = Float64Array.from({ length: count }, (_, row) => from + row + 1);
        yield { count, columns: columns.map(() => ({ kind: "number", type: "integer", data })) };
      }
    } finally {
      this.ended++;
    }
  }
}

const scan: ScanPlan = { kind: "scan", table: "t", columns: [{ table: "t", column: "n" }], where: [] };

function valuesOf(...values: Value[]): Plan {
  return { kind: "values", width: 1, rows: values.map((value) => [value]) };
}

function aggregate(name: AggregateName, ...args: Scalar[]): Aggregate {
  return { name, args, distinct: false, filter: undefined };
}

function only(input: Plan, ...aggregates: Aggregate[]): Plan {
  return { kind: "aggregate", input, keys: [], aggregates };
}

function rowsOf(plan: Plan, reader: TableReader = new CountingReader()): Promise<string[]> {
  return shownRows(runPlan(plan, reader));
}

function compare(op: "=" | "<" | ">", left: Scalar, right: Scalar): Scalar {
  return { kind: "compare", op, left, right };
}

/** Every operator, also within a scalar. */
function everyOperator(): Plan {
  const filtered: Plan = { kind: "filter", input: scan, condition: compare(">", input(0), constant(3n)) };
  const shared: Plan = { kind: "shared", id: 1, input: filtered };
  const doubled: Scalar = { kind: "arithmetic", op: "+", left: input(0), right: input(0) };
  const projected: Plan = { kind: "project", input: shared, items: [doubled] };
  const both: Plan = { kind: "concat", inputs: [{ kind: "distinct", input: projected }, shared, valuesOf(1n, null)] };
  const compound: Plan = { kind: "compound", op: "except", left: both, right: valuesOf(8n) };
  const equal = [{ left: input(0), right: input(0) }];
  const joined: Plan = { kind: "join", join: "left", left: compound, right: shared, equal, on: undefined };
  const frame = { unit: "rows", from: -Infinity, to: 0, exclude: "no others" } as const;
  const numbered: Plan = {
    kind: "window",
    input: joined,
    partition: [],
    order: [{ scalar: input(0), descending: true, nullsFirst: false }],
    functions: [{ name: "row_number", args: [], filter: undefined, frame }],
  };
  const greatest: Scalar = { kind: "subquery", plan: only(scan, aggregate("max", input(0))) };
  const below: Plan = { kind: "filter", input: numbered, condition: compare("<", input(0), greatest) };
  const keys = [input(2)];
  const grouped: Plan = { kind: "aggregate", input: below, keys, aggregates: [aggregate("sum", input(0))] };
  const key = { scalar: input(0), descending: true, nullsFirst: false };
  return { kind: "limit", input: { kind: "sort", input: grouped, keys: [key], limit: 5 }, offset: 1, count: 3 };
}

Deno.test("runPlan: a Fallback at any operator and any batch leaves the query to SQLite", async () => {
  const plan = everyOperator();
  const seen = new Map<string, number>();
  let calls = 0;
  const inject = (operator: string) => {
    calls++;
    seen.set(operator, (seen.get(operator) ?? 0) + 1);
  };
  const reference = await shownRows(runPlan(plan, new CountingReader(), { inject }));
  assertEquals(reference.length, 3);
  assertEquals([...seen.keys()].sort(), [
    ...["aggregate", "compound", "concat", "distinct", "filter", "join", "limit", "project"],
    ...["scan", "shared", "sort", "values", "window"],
  ]);
  for (let at = 0; at < calls; at++) {
    let call = 0;
    const inject = (operator: string) => {
      if (call++ === at) throw new UnsupportedAtRuntime(`met at ${operator}`);
    };
    const reader = new CountingReader();
    const held = await runOrFallBack(runPlan(plan, reader, { inject }));
    assert(held.kind === "fallback" && held.reason.startsWith("met at "), `call ${at} of ${calls}`);
    assertEquals(reader.ended, reader.scans, "every scan has been ended");
  }
});

Deno.test("runPlan: an error that is no Fallback is thrown as it is", async () => {
  const inject = () => {
    throw new TypeError("a bug");
  };
  await assertRejects(() => runOrFallBack(runPlan(scan, new CountingReader(), { inject })), TypeError, "a bug");
});

Deno.test("runPlan: LIMIT skips whole batches and reads no more than it gives", async () => {
  const reader = new CountingReader(1000);
  assertEquals(await rowsOf({ kind: "limit", input: scan, offset: 25, count: 7 }, reader), [
    ..."26 27 28 29 30 31 32".split(" "),
  ]);
  assertEquals([reader.batches, reader.ended], [4, 1]);
  const none = new CountingReader();
  assertEquals(await rowsOf({ kind: "limit", input: scan, offset: 0, count: 0 }, none), []);
  assertEquals(none.scans, 0);
  assertEquals((await rowsOf({ kind: "limit", input: scan, offset: 95, count: Infinity })).length, 5);
});

Deno.test("runPlan: a shared plan is run once for all its uses", async () => {
  const reader = new CountingReader(30);
  const shared: Plan = { kind: "shared", id: 7, input: scan };
  const condition: Scalar = { kind: "exists", plan: { kind: "limit", input: shared, offset: 29, count: 1 } };
  const filtered: Plan = { kind: "filter", input: shared, condition };
  assertEquals((await rowsOf({ kind: "concat", inputs: [filtered, shared] }, reader)).length, 60);
  assertEquals(reader.scans, 1);
});

Deno.test("runPlan: plans within scalars are run once, before, and no further than they are asked", async () => {
  const reader = new CountingReader(1000);
  const inner: Scalar = { kind: "subquery", plan: { kind: "limit", input: scan, offset: 4, count: 1 } };
  const members: Plan = { kind: "filter", input: valuesOf(2n, 5n, 9n), condition: compare("<", input(0), inner) };
  const condition: Scalar = {
    kind: "and",
    items: [
      { kind: "in", operand: input(0), set: { kind: "plan", plan: members, affinity: "none" } },
      { kind: "exists", plan: scan },
      { kind: "not", operand: { kind: "exists", plan: valuesOf() } },
      compare("<", { kind: "subquery", plan: scan }, input(0)),
    ],
  };
  const asked: Plan = {
    kind: "filter",
    input: { kind: "concat", inputs: [valuesOf(1n, 2n, 3n), valuesOf(2n)] },
    condition,
  };
  assertEquals(await rowsOf(asked, reader), ["2", "2"]);
  // The fifth row; whether there is one; the first.
  assertEquals([reader.scans, reader.batches, reader.ended], [3, 3, 3]);
});

Deno.test("runPlan: the reader of a table gets what plans within its conditions answer", async () => {
  const seen: (readonly Scalar[])[] = [];
  const reader: TableReader = {
    scan({ where }) {
      seen.push(where);
      return (async function* () {})();
    },
  };
  const where: Scalar[] = [
    compare("=", input(0), { kind: "subquery", plan: valuesOf("a", "b") }),
    { kind: "in", operand: input(0), set: { kind: "plan", plan: valuesOf(1n, "2"), affinity: "text" } },
    { kind: "exists", plan: valuesOf() },
  ];
  await rowsOf({ ...scan, where }, reader);
  assertEquals(seen, [[
    compare("=", input(0), constant("a")),
    { kind: "in", operand: input(0), set: { kind: "values", values: ["1", "2"] } },
    constant(0n),
  ]]);
});

Deno.test("runPlan: a signal ends it", async () => {
  const controller = new AbortController();
  let batches = 0;
  const running = (async () => {
    const options = { signal: controller.signal };
    for await (const _ of runPlan({ kind: "sort", input: scan, keys: [], limit: undefined }, slow, options)) batches++;
  })();
  setTimeout(() => controller.abort(new Error("stopped")), 20);
  await assertRejects(() => running, Error, "stopped");
  assertEquals(batches, 0);
});

/** Gives batches for ever, and never waits for anything but the microtasks. */
const slow: TableReader = {
  async *scan() {
    for (;;) {
      await Promise.resolve();
      yield { count: 1, columns: [{ kind: "constant", value: null }] };
    }
  },
};

Deno.test("runPlan: aggregates of nothing without keys are one row, with keys none", async () => {
  const names = ["count", "sum", "total", "avg", "min", "median", "stddev", "any"] as const;
  const aggregates = names.map((name) => aggregate(name, input(0)));
  assertEquals(await rowsOf(only(valuesOf(), ...aggregates)), ["0  NULL  real 0  NULL  NULL  NULL  NULL  NULL"]);
  assertEquals(await rowsOf({ kind: "aggregate", input: valuesOf(), keys: [input(0)], aggregates }), []);
});

Deno.test("runPlan: integers are summed exactly, beyond 64 bits by SQLite", async () => {
  const big = 2n ** 62n - 1n;
  assertEquals(await rowsOf(only(valuesOf(big, 1n, big), aggregate("sum", input(0)))), [String(2n ** 63n - 1n)]);
  assertEquals(await rowsOf(only(valuesOf(2n ** 53n - 1n, 2n ** 53n - 1n), aggregate("sum", input(0)))), [
    String(2n ** 54n - 2n),
  ]);
  await assertRejects(
    () => rowsOf(only(valuesOf(big, big, 2n), aggregate("sum", input(0)))),
    UnsupportedAtRuntime,
    "64 bits",
  );
});

Deno.test("runPlan: median and deviation of great integers, and of many equal numbers, end at once", async () => {
  const big = Array.from({ length: 20_000 }, (_, at) => 2n ** 60n + BigInt(at));
  const aggregates = [aggregate("median", input(0)), aggregate("stddev", input(0))];
  const started = performance.now();
  const [row] = await rowsOf(only(valuesOf(...big), ...aggregates));
  assertEquals(row.split("  ")[0], `real ${2 ** 60 + 9984}`);
  const same = only({ kind: "values", width: 1, rows: Array<Value[]>(200_000).fill([0.5]) }, ...aggregates);
  assertEquals((await rowsOf(same))[0].split("  ")[0], "real 0.5");
  assert(performance.now() - started < 2000);
});

Deno.test("runPlan: keys of infinities and of nothing are three groups, 1 and 1.0 one, '1' another", async () => {
  const rows = valuesOf(Infinity, null, 1n, -Infinity, 1, "1", null, Infinity, 2n ** 53n + 1n, 2 ** 53);
  const grouped: Plan = { kind: "aggregate", input: rows, keys: [input(0)], aggregates: [aggregate("count")] };
  assertEquals(await rowsOf(grouped), [
    ...[
      "NULL  2",
      "real -Infinity  1",
      "1  2",
      `real ${2 ** 53}  1`,
      `${2n ** 53n + 1n}  1`,
      "real Infinity  2",
      '"1"  1',
    ],
  ]);
});
