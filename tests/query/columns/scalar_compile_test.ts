import { UnsupportedAtRuntime } from "../../../lib/query/columns/fallback.ts";
import { compileCondition, compileScalar, compileScalars } from "../../../lib/query/columns/scalar/compile.ts";
import type { ScalarContext } from "../../../lib/query/columns/scalar/context.ts";
import type { Batch, NumberType, Vector } from "../../../lib/query/vectors/vector.ts";
import type { ArithmeticOperator, Plan, Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { valueAt } from "../../../lib/query/vectors/gather.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const NO_PLANS: ScalarContext = { value: () => null, exists: () => false, members: () => [] };
const PLAN: Plan = { kind: "values", width: 1, rows: [[1n]] };

const column = (index: number): Scalar => ({ kind: "input", index });
const constant = (value: Value): Scalar => ({ kind: "constant", value });
const numbers = (type: NumberType, ...data: number[]): Vector => ({
  kind: "number",
  type,
  data: new Float64Array(data),
});
const texts = (...words: string[]): Vector => ({ kind: "text", codes: Int32Array.from(words.keys()), words });
const compute = (op: ArithmeticOperator, left: Scalar, right: Scalar): Scalar => ({
  kind: "arithmetic",
  op,
  left,
  right,
});

function batchOf(count: number, ...columns: Vector[]): Batch {
  return { count, columns };
}

function valuesOf(scalar: Scalar, batch: Batch, context = NO_PLANS): Value[] {
  const vector = compileScalar(scalar, context)(batch);
  return Array.from({ length: batch.count }, (_, row) => valueAt(vector, row));
}

Deno.test("compileScalar: whole numbers of params are INTEGER among REALs", () => {
  const params = batchOf(4, numbers("numeric", 2, 3, 0.5, NaN));
  assertEquals(valuesOf(compute("/", column(0), constant(2n)), params), [1n, 1n, 0.25, null]);
  assertEquals(valuesOf(compute("||", constant("seed-"), column(0)), params), ["seed-2", "seed-3", "seed-0.5", null]);
  assertEquals(valuesOf(compute("+", column(0), constant(0.5)), params), [2.5, 3.5, 1, null]);
  assertEquals(valuesOf(compute("*", column(0), constant(2n)), params), [4n, 6n, 1, null]);
});

Deno.test("compileScalar: REALs stay REAL, and what is no number is NULL", () => {
  const reals = batchOf(3, numbers("real", 2, Infinity, 0));
  assertEquals(valuesOf(compute("||", column(0), constant("")), reals), ["2.0", "Inf", "0.0"]);
  assertEquals(valuesOf(compute("-", column(0), column(0)), reals), [0, null, 0]);
  assertEquals(valuesOf(compute("/", column(0), column(0)), reals), [1, null, null]);
});

Deno.test("compileScalar: INTEGERs are exact beyond 2^53, and REAL beyond 64 bits", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const integers = batchOf(2, numbers("integer", most, 1), { kind: "any", values: [2n ** 63n - 1n, 1n] });
  assertEquals(valuesOf(compute("+", column(0), constant(2n)), integers), [9007199254740993n, 3n]);
  assertEquals(valuesOf(compute("*", column(0), column(0)), integers), [BigInt(most) ** 2n, 1n].map(overflown));
  assertEquals(valuesOf(compute("+", column(1), constant(1n)), integers), [2 ** 63, 2n]);
  assertEquals(valuesOf(compute("/", column(0), constant(3n)), integers), [BigInt(most) / 3n, 0n]);
  assertEquals(valuesOf(compute("%", column(0), constant(0n)), integers), [null, null]);
  assertEquals(valuesOf({ kind: "bitNot", operand: column(0) }, integers), [-9007199254740992n, -2n]);
});

function overflown(value: bigint): Value {
  return value === BigInt.asIntN(64, value) ? value : Number(value);
}

Deno.test("compileScalar: constants stay constant, and batches may have no rows", () => {
  const scalar = compute("+", constant(1n), column(0));
  assertEquals(compileScalar(scalar, NO_PLANS)(batchOf(5, { kind: "constant", value: 2n })), {
    kind: "constant",
    value: 3n,
  });
  assertEquals(valuesOf(scalar, batchOf(0, numbers("integer"))), []);
  assertEquals(compileCondition(scalar, NO_PLANS)(batchOf(0, numbers("integer")))?.length ?? 0, 0);
});

Deno.test("compileScalar: plans have been run", () => {
  const context: ScalarContext = {
    value: (plan) => plan === PLAN ? 7n : null,
    exists: (plan) => plan === PLAN,
    members: () => ["1", "x", null],
  };
  const batch = batchOf(3, numbers("integer", 1, 2, NaN));
  assertEquals(valuesOf(compute("*", column(0), { kind: "subquery", plan: PLAN }), batch, context), [7n, 14n, null]);
  assertEquals(valuesOf({ kind: "exists", plan: PLAN }, batch, context), [1n, 1n, 1n]);
  const among = (affinity: "numeric" | "none"): Scalar => ({
    kind: "in",
    operand: column(0),
    set: { kind: "plan", plan: PLAN, affinity },
  });
  assertEquals(valuesOf(among("numeric"), batch, context), [1n, null, null]);
  assertEquals(valuesOf(among("none"), batch, context), [null, null, null]);
  assertEquals(valuesOf(among("none"), batch), [0n, 0n, 0n]);
});

Deno.test("compileScalar: what SQLite may not compute at all is left to it where it fails", () => {
  const json: Scalar = { kind: "call", name: "json_extract", args: [column(0), constant("$.a")] };
  const batch = batchOf(2, texts('{"a":1}', "{"), numbers("real", 1, 0));
  assertThrows(() => valuesOf(json, batch), UnsupportedAtRuntime, "malformed JSON");
  const abs: Scalar = { kind: "call", name: "abs", args: [constant(-(2n ** 63n))] };
  assertThrows(() => valuesOf(abs, batch), UnsupportedAtRuntime, "integer overflow");
  const guarded: Scalar = { kind: "case", branches: [{ when: column(1), then: json }], otherwise: constant("no") };
  assertEquals(valuesOf(guarded, batch), [1n, "no"]);
  const unused = batchOf(1, { kind: "text", codes: Int32Array.of(0), words: ['{"a":2}', "{"] });
  assertEquals(valuesOf(json, unused), [2n]);
});

Deno.test("compileScalars: what scalars have in common is computed once and not overwritten", () => {
  const sum = compute("+", column(0), column(1));
  const batch = batchOf(2, numbers("real", 1, 2), numbers("real", 0.5, 0.25));
  const [a, b, c] = compileScalars([sum, compute("*", sum, constant(2n)), compute("-", sum, sum)], NO_PLANS)(batch);
  assertEquals([a, b, c].map((vector) => [0, 1].map((row) => valueAt(vector, row))), [[1.5, 2.25], [3, 4.5], [0, 0]]);
  assertEquals([...(batch.columns[0] as Vector & { kind: "number" }).data], [1, 2]);
});

Deno.test("compileCondition: terms that cost much see the rows that are left", () => {
  const isSecond: Scalar = { kind: "compare", op: "=", left: column(1), right: constant(2n) };
  const json: Scalar = { kind: "call", name: "json_extract", args: [column(0), constant("$.a")] };
  const batch = batchOf(3, texts("{", '{"a":1}', "{"), numbers("integer", 1, 2, 3));
  const rows = compileCondition({ kind: "and", items: [json, isSecond] }, NO_PLANS)(batch);
  assertEquals([...rows!], [1]);
});

Deno.test("compileCondition: all rows are undefined, NULL is not true", () => {
  const isMore: Scalar = { kind: "compare", op: ">", left: column(0), right: constant(0n) };
  assertEquals(compileCondition(isMore, NO_PLANS)(batchOf(2, numbers("real", 1, 2))), undefined);
  assertEquals([...compileCondition(isMore, NO_PLANS)(batchOf(2, numbers("real", NaN, 2)))!], [1]);
  assertEquals(
    [...compileCondition({ kind: "not", operand: isMore }, NO_PLANS)(batchOf(2, numbers("real", NaN, -2)))!],
    [
      1,
    ],
  );
});

Deno.test("compileCondition: integers beyond 2^53 beside REALs are compared exactly", () => {
  const batch = batchOf(3, numbers("real", 2 ** 53, 2 ** 53 + 2, NaN));
  const than = (op: "<" | "<=" | ">" | ">=" | "=" | "<>"): number[] => {
    const scalar: Scalar = { kind: "compare", op, left: column(0), right: constant(2n ** 53n + 1n) };
    return [...compileCondition(scalar, NO_PLANS)(batch) ?? [0, 1, 2]];
  };
  assertEquals([than("<"), than("<="), than(">"), than(">="), than("="), than("<>")], [[0], [0], [1], [1], [], [0, 1]]);
});
