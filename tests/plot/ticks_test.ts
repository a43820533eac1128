import { type ScaleKind, scaleOf } from "../../lib/plot/scale/scale.ts";
import { ticksOf } from "../../lib/plot/scale/ticks.ts";
import { assert, assertEquals } from "../assert.ts";

const none = { permissions: "none" } as const;

/** The texts of the ticks of a range. */
function texts(low: number, high: number, most: number, kind: ScaleKind = "linear", isWhole = false): string[] {
  return ticksOf(scaleOf(kind, [low, high]), most, isWhole).map(({ text }) => text);
}

Deno.test("ticksOf: round numbers, with the digits that tell them apart", none, () => {
  assertEquals(texts(0, 1, 6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  assertEquals(texts(0.13, 0.31, 5), ["0.15", "0.20", "0.25", "0.30"]);
  assertEquals(texts(-20, 35, 4), ["-20", "0", "20"]);
  assertEquals(texts(0, 0.000032, 4), ["0", "1e-5", "2e-5", "3e-5"]);
  assertEquals(texts(1.0001, 1.0004, 4), ["1.0001", "1.0002", "1.0003", "1.0004"]);
});

Deno.test("ticksOf: one round number alone does not say how large a range is", none, () => {
  assertEquals(texts(0.1503, 0.1581, 2), ["0.152", "0.158"]);
});

Deno.test("ticksOf: large numbers have a letter", none, () => {
  assertEquals(texts(0, 100_000, 4), ["0", "50k", "100k"]);
  assertEquals(
    texts(0, 2_500_000, 6),
    ["0.0M", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"].map((it, at) => at === 0 ? "0" : it),
  );
  assertEquals(texts(1_000_000, 1_000_003, 3), ["1000000", "1000001", "1000002", "1000003"]);
});

Deno.test("ticksOf: of whole numbers, none is between two", none, () => {
  assertEquals(texts(0, 3, 20, "linear", true), ["0", "1", "2", "3"]);
  assertEquals(texts(3, 4, 5, "linear", true), ["3", "4"]);
});

Deno.test("ticksOf: powers of ten, with 2 and 5 where there is room", none, () => {
  assertEquals(texts(1, 100, 10, "log"), ["1", "2", "5", "10", "20", "50", "100"]);
  assertEquals(texts(1, 100, 5, "log"), ["1", "3", "10", "30", "100"]);
  assertEquals(texts(1e-6, 10, 4, "log"), ["1e-6", "1e-4", "0.01", "1"]);
  assertEquals(texts(3, 4, 4, "log"), ["3.0", "3.5", "4.0"]);
});

Deno.test("ticksOf: lengths of time in steps of clocks", none, () => {
  assertEquals(texts(0, 300, 6, "duration"), ["0", "1m", "2m", "3m", "4m", "5m"]);
  assertEquals(texts(0, 14_400, 5, "duration"), ["0", "1h", "2h", "3h", "4h"]);
  assertEquals(texts(0, 1, 5, "duration"), ["0", "0.2s", "0.4s", "0.6s", "0.8s", "1s"]);
  assertEquals(texts(0, 864_000 * 3, 4, "duration").at(-1), "28d");
});

Deno.test("ticksOf: moments by the clock of this place", none, () => {
  const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();
  assertEquals(texts(at(2026, 0, 31, 22, 10), at(2026, 1, 1, 2), 5, "time"), ["23:00", "Feb 1", "01:00", "02:00"]);
  assertEquals(texts(at(2025, 10, 3), at(2026, 2, 3), 5, "time"), ["Dec", "2026", "Feb", "Mar"]);
  assertEquals(texts(at(2020, 5, 3), at(2026, 2, 3), 6, "time"), ["2021", "2022", "2023", "2024", "2025", "2026"]);
});

Deno.test("ticksOf: any range has few ticks, within it", none, () => {
  const ends = [-1e308, -1e15, -3, -1e-300, 0, 5e-324, 1e-9, 0.1, 0.1000000001, 7, 1e4, 1e15 + 1, 1.79e308];
  for (const kind of ["linear", "log", "time", "duration"] as const) {
    for (const low of ends) {
      for (const high of ends) {
        if (low > high || kind === "log" && low <= 0) continue;
        const scale = scaleOf(kind, [low, high]);
        const ticks = ticksOf(scale, 6);
        assert(ticks.length <= 14, `${kind} ${low} ${high}: ${ticks.length} ticks`);
        for (const { value, text } of ticks) {
          assert(text.length <= 24, `${kind} ${low} ${high}: ${text}`);
          const place = scale.place(value);
          assert(place >= -0.01 && place <= 1.01, `${kind} ${low} ${high}: ${value} at ${place}`);
        }
      }
    }
  }
});
