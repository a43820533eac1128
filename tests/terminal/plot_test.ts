import { textOf } from "../../lib/terminal/colours.ts";
import { plot } from "../../lib/terminal/plot.ts";
import { assertEquals } from "../assert.ts";

const none = { permissions: "none" } as const;

/** The numbers below the axis of a curve with these steps. */
function ticks(steps: readonly number[], columns = 60): string[] {
  const lines = plot([{ label: "loss", curve: { steps, values: steps.map((_, at) => at) } }], { columns });
  return textOf(lines.at(-2)!).trim().split(/ +/);
}

Deno.test("plot: the middle of whole steps is a whole step, and left out where there is none", none, () => {
  assertEquals(ticks([0, 30, 59]), ["0", "30", "59"]);
  assertEquals(ticks([0.5, 30, 59]), ["0.5", "29.75", "59"]);
  assertEquals(ticks([3, 4]), ["3", "4"]);
});

Deno.test("plot: small numbers have an exponent", none, () => {
  assertEquals(ticks([0, 0.000032]), ["0", "1.6e-5", "3.2e-5"]);
});
