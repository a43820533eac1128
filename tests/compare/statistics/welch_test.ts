import { sampleOf } from "../../../lib/compare/statistics/sample.ts";
import { bothTails, upperTail } from "../../../lib/compare/statistics/students_t.ts";
import { welchTest } from "../../../lib/compare/statistics/welch.ts";
import { assert, assertEquals } from "../../assert.ts";
import scipy from "../../data/statistics/scipy.json" with { type: "json" };

const none = { permissions: "none" } as const;

function assertClose(actual: number, expected: number, what: string): void {
  const apart = Math.abs(actual - expected);
  assert(apart <= 1e-10 * Math.abs(expected) + 1e-300, `${what}: ${actual}, scipy has ${expected}`);
}

Deno.test("upperTail is scipy's, to ten digits, far out too", none, () => {
  for (const [t, degrees, expected] of scipy.tails) {
    assertClose(upperTail(t, degrees), expected, `t = ${t}, degrees = ${degrees}`);
  }
  assertEquals([upperTail(NaN, 3), upperTail(1, 0), upperTail(Infinity, 3), upperTail(-Infinity, 3)], [NaN, NaN, 0, 1]);
});

Deno.test("welchTest is scipy's", none, () => {
  for (const { a, b, t, degrees, p, pGreater } of scipy.welch) {
    const test = welchTest(sampleOf(a), sampleOf(b))!;
    const name = JSON.stringify([a, b]);
    assertClose(test.t, t, name);
    assertClose(test.degrees, degrees, name);
    assertClose(test.p, p, name);
    assertClose(test.pGreater, pGreater, name);
  }
});

Deno.test("welchTest with a shift asks whether the means differ by more than that", none, () => {
  const [a, b] = [sampleOf([1, 2, 3]), sampleOf([2, 3, 4])];
  assertEquals(welchTest(a, b, -1)!.t, 0);
  assertEquals(bothTails(0, 4), 1);
});

Deno.test(
  "welchTest has nothing to say of one value, or of NaN; equal values differ for certain or not at all",
  none,
  () => {
    assertEquals(welchTest(sampleOf([1]), sampleOf([1, 2])), undefined);
    assertEquals(welchTest(sampleOf([1, NaN]), sampleOf([1, 2])), undefined);
    assertEquals(welchTest(sampleOf([1, 1]), sampleOf([1, 1]))!.p, 1);
    assertEquals(welchTest(sampleOf([2, 2]), sampleOf([1, 1]))!.pGreater, 0);
    assertEquals(sampleOf([]).mean, NaN);
  },
);
