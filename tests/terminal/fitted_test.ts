import { fitted } from "../../lib/terminal/fitted.ts";
import { assertEquals } from "../assert.ts";

/** The columns of a table that has texts and numbers of these widths; numbers are written as texts of digits. */
function columns(widths: readonly number[], numbers: readonly number[], room: number) {
  const isNumber = widths.map((_, at) => numbers.includes(at));
  const { columns, widths: cut, more } = fitted({ widths, isEmpty: widths.map(() => false), isNumber }, room);
  return [columns.map((at) => cut[at]), more];
}

Deno.test("fitted: one long name takes no column from the others", () => {
  assertEquals(columns([13, 119, 6, 8, 5], [4], 80), [[13, 40, 6, 8, 5], 0]);
});

Deno.test("fitted: the widest texts are cut first, numbers never, and then the last columns go", () => {
  assertEquals(columns([13, 40, 30, 20], [], 80), [[13, 16, 25, 20], 0]);
  assertEquals(columns([13, 30, 30, 30], [], 60), [[13, 27, 16], 1]);
  assertEquals(columns([13, 60, 30], [1], 40), [[13], 2]);
  assertEquals(columns([100, 5], [], 40), [[33, 5], 0]);
});
