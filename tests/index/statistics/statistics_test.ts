import {
  addStatistics,
  type Statistics,
  statisticsOfColumn,
  statisticsOfPoint,
} from "../../../lib/index/statistics/statistics.ts";
import { SummaryBuilder } from "../../../lib/index/statistics/summary_builder.ts";
import { assertEquals } from "../../assert.ts";

const SERIES: readonly (readonly number[])[] = [
  [3, 1, 1, 2, 3],
  [NaN, 2, -Infinity, Infinity, NaN],
  [NaN, NaN, NaN],
  [Infinity, Infinity, -0, 0],
  [1e16, 1, -1e16, 0.1, 0.2],
];

/** As one column, whose points have the index as step. */
function ofColumn(values: readonly number[], base: number): Statistics {
  const steps = new Float64Array(values.length).fill(NaN);
  return statisticsOfColumn(Float64Array.from(values), steps, undefined, base);
}

/** Without the sum, of which another order of additions may make another one. */
function known({ sum: _, sumError: __, ...others }: Statistics): Omit<Statistics, "sum" | "sumError"> {
  return others;
}

Deno.test({ name: "statistics: a column, single points and parts come to the same", permissions: "none" }, () => {
  for (const values of SERIES) {
    const expected = ofColumn(values, 0);
    const byPoint = statisticsOfPoint(values[0], 0);
    values.forEach((value, at) => at > 0 && addStatistics(byPoint, statisticsOfPoint(value, at)));
    assertEquals(byPoint, expected);
    for (let cut = 1; cut < values.length; cut++) {
      const parts = ofColumn(values.slice(0, cut), 0);
      addStatistics(parts, ofColumn(values.slice(cut), cut));
      assertEquals(known(parts), known(expected));
    }
    const builder = new SummaryBuilder();
    for (const value of values) builder.add({ key: "e:loss", step: undefined, coordinates: [], value }, 0);
    builder.endLog();
    const { numbers: _, ...shown } = known(expected);
    assertEquals(builder.series, [{ key: "e:loss", ...shown }]);
  }
});

Deno.test({ name: "statistics: of equal values the earlier counts, NaN never", permissions: "none" }, () => {
  const { minStep, maxStep, min, max, numbers } = ofColumn([NaN, 3, 1, 1, 3], 10);
  assertEquals({ min, minStep, max, maxStep, numbers }, { min: 1, minStep: 12, max: 3, maxStep: 11, numbers: 4 });
  const none = ofColumn([NaN, NaN], 10);
  addStatistics(none, ofColumn([NaN], 12));
  assertEquals(known(none), {
    ...{ count: 3, numbers: 0, first: NaN, firstStep: 10, last: NaN, lastStep: 12 },
    ...{ min: NaN, minStep: 10, max: NaN, maxStep: 10 },
  });
});
