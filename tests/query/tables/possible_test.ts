import { compileCondition } from "../../../lib/query/columns/scalar/compile.ts";
import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { mayBeTrue, type NumberRange } from "../../../lib/query/tables/may_be_true.ts";
import { assert } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

const NUMBERS = [-Infinity, -2.5, -1, 0, 0.5, 1, 2, 3, Infinity];
const NO_PLANS = { value: () => null, exists: () => false, members: () => [] };

function numberScalar(random: Random): Scalar {
  const pick = random.next();
  if (pick < 0.35) return { kind: "input", index: random.below(2) };
  if (pick < 0.6) return { kind: "constant", value: random.pick<Value>([...NUMBERS, 1n, 2n ** 60n, null, "text"]) };
  if (pick < 0.8) return { kind: "call", name: "abs", args: [{ kind: "input", index: random.below(2) }] };
  return { kind: "negate", operand: { kind: "input", index: random.below(2) } };
}

function condition(random: Random, depth = 0): Scalar {
  const pick = random.next();
  if (depth < 3 && pick < 0.3) {
    const items = Array.from({ length: random.below(2) + 2 }, () => condition(random, depth + 1));
    return { kind: pick < 0.15 ? "and" : "or", items };
  }
  if (depth < 3 && pick < 0.4) return { kind: "not", operand: condition(random, depth + 1) };
  const op = random.pick(["=", "<>", "<", "<=", ">", ">=", "is", "is not"] as const);
  return { kind: "compare", op, left: numberScalar(random), right: numberScalar(random) };
}

Deno.test("mayBeTrue: a condition that is true of a row is never ruled out, and some are", () => {
  const seed = testSeed();
  const random = new Random(seed);
  let ruledOut = 0;
  for (let turn = 0; turn < 3000; turn++) {
    const columns = [0, 1].map(() =>
      Float64Array.from({ length: random.below(4) + 1 }, () => random.next() < 0.2 ? NaN : random.pick(NUMBERS))
    );
    const count = Math.min(...columns.map(({ length }) => length));
    const ranges = columns.map((column): NumberRange | undefined => {
      const own = [...column.subarray(0, count)];
      const numbers = own.filter((number) => !Number.isNaN(number));
      if (random.next() < 0.1) return undefined;
      return { from: Math.min(...numbers), to: Math.max(...numbers), mayBeNull: numbers.length < count };
    });
    const asked = condition(random);
    const vectors = columns.map((data) => ({ kind: "number", type: "real", data }) as const);
    const rows = compileCondition(asked, NO_PLANS)({ count, columns: vectors });
    const isTrue = rows === undefined || rows.length > 0;
    const may = mayBeTrue(asked, (index) => ranges[index]);
    const told = () =>
      JSON.stringify([seed, asked, columns, ranges], (_, it) => typeof it === "bigint" ? `${it}n` : it);
    assert(may || !isTrue, told());
    if (!may) ruledOut++;
  }
  assert(ruledOut > 300, `${ruledOut}`);
});
