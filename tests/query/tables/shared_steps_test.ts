import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";
import { lineOf, smallRepository, sourceAt } from "./small_repository.ts";

const NAMES = ["run", "key", "idx", "step", "value", "c0"];
const [IDX, STEP, VALUE, C0] = [2, 3, 4, 5];

const input = (index: number): Scalar => ({ kind: "input", index });
const constant = (value: Value): Scalar => ({ kind: "constant", value });

function compare(left: Scalar, op: "=" | "<" | ">=", value: Value): Scalar {
  return { kind: "compare", op, left, right: constant(value) };
}

function remainder(index: number, by: bigint): Scalar {
  return { kind: "arithmetic", op: "%", left: input(index), right: constant(by) };
}

/** Conditions, and the same of a row. */
const CASES: readonly (readonly [where: readonly Scalar[], test: (row: Value[]) => boolean])[] = [
  [[compare(remainder(STEP, 500n), "=", 0n)], (row) => Number(row[STEP]) % 500 === 0],
  [[compare(remainder(STEP, 2n), "=", 0n)], (row) => Number(row[STEP]) % 2 === 0],
  [
    [compare(remainder(STEP, 7n), "=", 0n), compare(input(VALUE), "<", 0.25)],
    (row) => Number(row[STEP]) % 7 === 0 && (row[VALUE] as number) < 0.25,
  ],
  [
    [{ kind: "in", operand: input(C0), set: { kind: "values", values: [3n, 4000n, 9999n] } }],
    (row) => [3n, 4000n, 9999n].includes(row[C0] as bigint),
  ],
  [
    [{ kind: "or", items: [compare(input(STEP), "=", 7n), compare(input(STEP), ">=", 4990n)] }],
    (row) => row[STEP] === 7 || Number(row[STEP]) >= 4990,
  ],
  [
    [compare(remainder(C0, 3n), "=", 1n), compare(input(STEP), "<", 3000n), compare(input(IDX), ">=", 10n)],
    (row) => Number(row[C0]) % 3 === 1 && Number(row[STEP]) < 3000 && Number(row[IDX]) >= 10,
  ],
  [[compare(remainder(STEP, 5000n), "=", 4999n)], (row) => Number(row[STEP]) % 5000 === 4999],
];

Deno.test("points: a condition on steps that many series have is asked once, and the rows are the same", async () => {
  await using folder = await scratch();
  const value = (at: number) => (at * 7919 % 1000) / 1000;
  const steps = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => lineOf(`train/${from + at}`, at, { loss: value(at), acc: value(at + 1) }));
  // Some points are missing, some steps are not those of the names, and one log is longer than a batch.
  const gaps = steps(5000).map((line, at) => at % 10 === 0 ? lineOf(`train/${at}`, at, { loss: 0.5 }) : line);
  const own = Array.from({ length: 5000 }, (_, at) => lineOf(`train/${at}`, at, { loss: value(at), step: at % 700 }));
  await smallRepository(`${folder.path}/r`, [{
    runs: [steps(5000), steps(5000), gaps, own, steps(20_000), steps(2500, 2500), steps(40)].map((log) => ({
      logs: { log },
    })),
  }]);
  const tables = await tablesOf([await sourceAt(`${folder.path}/r`)]);
  const all = await rowsOf(tables, scanOf("points", NAMES));
  for (const [where, test] of CASES) {
    const expected = all.filter(test);
    const found = await rowsOf(tables, scanOf("points", NAMES, where));
    assert(expected.length > 0);
    assertEquals(found, expected, JSON.stringify(where, (_, it) => typeof it === "bigint" ? `${it}n` : it));
  }
});
