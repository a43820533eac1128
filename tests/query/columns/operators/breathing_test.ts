import { assertRejects } from "@std/assert";
import { Yielder } from "../../../../lib/base/yielder.ts";
import { join } from "../../../../lib/query/columns/operators/join.ts";
import { window } from "../../../../lib/query/columns/operators/window.ts";
import type { Batch } from "../../../../lib/query/vectors/vector.ts";
import type { Plan, WindowFrame } from "../../../../lib/query/plan/plan.ts";
import { input } from "../../../../lib/query/plan/scalars.ts";
import { CONTEXT } from "./random_table.ts";

const NUMBERS: Plan = { kind: "values", width: 1, rows: [] };

async function* numbers(count: number): AsyncIterable<Batch> {
  const data = Float64Array.from({ length: count }, (_, at) => at % 1000);
  yield await Promise.resolve({ count, columns: [{ kind: "number", type: "integer", data }] });
}

/** Runs what would take minutes, and fails where it does not end soon after it was told to. */
async function assertEnds(run: (context: typeof CONTEXT) => AsyncIterable<Batch>): Promise<void> {
  const signal = AbortSignal.timeout(100);
  const start = performance.now();
  await assertRejects(async () => {
    for await (const _ of run({ ...CONTEXT, yielder: new Yielder(signal) }));
  }, DOMException);
  const took = performance.now() - start;
  if (took > 5000) throw new Error(`it ended after ${took} ms`);
}

Deno.test("join: a join of everything with everything ends when it is told to", async () => {
  const on = {
    kind: "compare",
    op: "=",
    left: { kind: "arithmetic", op: "+", left: input(0), right: input(1) },
    right: { kind: "constant", value: -1n },
  } as const;
  const plan = { kind: "join", left: NUMBERS, right: NUMBERS, equal: [], on } as const;
  await assertEnds((context) => join({ ...plan, join: "inner" }, numbers(1e6), numbers(1e6), context));
  await assertEnds((context) => join({ ...plan, join: "anti" }, numbers(1e6), numbers(1e6), context));
});

Deno.test("window: frames that are gone through anew for each row end when they are told to", async () => {
  const frame: WindowFrame = { unit: "rows", from: -Infinity, to: Infinity, exclude: "current row" };
  for (const name of ["sum", "max", "median"] as const) {
    const functions = [{ name, args: [input(0)], filter: undefined, frame }];
    const plan = { kind: "window", input: NUMBERS, partition: [], order: [], functions } as const;
    await assertEnds((context) => window(plan, numbers(1e6), context));
  }
});
