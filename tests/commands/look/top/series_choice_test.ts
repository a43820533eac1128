import { seriesNames } from "../../../../lib/commands/look/top/model/facts.ts";
import { assertEquals } from "../../../assert.ts";

Deno.test("seriesNames: one sample of the machine makes no chart", () => {
  const fact = (event: string, key: string, count: number) =>
    ({ series: `${event}:${key}`, event, key, count }) as never;
  const names = seriesNames([
    [fact("system", "cpu", 1), fact("e/*", "loss", 1)],
    [fact("system", "load", 2)],
  ]);
  assertEquals(names.map(({ name }) => name), ["e/*:loss", "system:load"]);
});
