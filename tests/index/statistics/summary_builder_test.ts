import { SummaryBuilder } from "../../../lib/index/statistics/summary_builder.ts";
import { assertEquals } from "../../assert.ts";

const point = (step: number | undefined, value: number) => ({ key: "e:loss", step, coordinates: [], value });

Deno.test({ name: "SummaryBuilder: a series of several logs is joined by time", permissions: "none" }, () => {
  const builder = new SummaryBuilder();
  builder.add(point(undefined, 4), 20);
  builder.add(point(undefined, NaN), 50);
  builder.endLog();
  builder.add(point(7, 1), 10);
  builder.add(point(8, 3), 40);
  builder.endLog();
  builder.add(point(9, NaN), NaN);
  builder.endLog();
  assertEquals(builder.series, [{
    ...{ key: "e:loss", count: 5, first: 1, firstStep: 7, last: NaN, lastStep: 9 },
    ...{ min: 1, minStep: 7, max: 4, maxStep: 0 },
  }]);
});

Deno.test({
  name: "SummaryBuilder: within a log its order counts, NaN is neither least nor greatest",
  permissions: "none",
}, () => {
  const builder = new SummaryBuilder();
  for (const [value, ts] of [[NaN, 9], [2, 8], [5, 7]]) builder.add(point(undefined, value), ts);
  builder.endLog();
  assertEquals(builder.series, [{
    ...{ key: "e:loss", count: 3, first: NaN, firstStep: 0, last: 5, lastStep: 2 },
    ...{ min: 2, minStep: 1, max: 5, maxStep: 2 },
  }]);
});
