import { assert, assertEquals } from "../../assert.ts";
import { Cells } from "../../../lib/terminal/screen/cells.ts";
import { makePlain } from "../../../lib/terminal/screen/plain.ts";
import { cutText, fitText } from "../../../lib/terminal/screen/graphemes.ts";

Deno.test("Area: a text stays in its box, and characters of two columns are never halved", () => {
  const cells = new Cells(10, 3);
  const area = cells.area.part({ column: 2, row: 1, columns: 5, rows: 1 });
  assertEquals(area.text(0, 0, "ab中中中"), 4);
  assertEquals(cells.line(1), "  ab中");
  area.text(3, 0, "x");
  assertEquals(cells.line(1), "  ab x");
  area.text(0, 1, "below");
  area.text(-1, 0, "yz");
  assertEquals([cells.line(0), cells.line(1), cells.line(2)], ["", "  zb x", ""]);
  const outside = cells.area.part({ column: 8, row: 2, columns: 50, rows: 50 });
  assertEquals([outside.columns, outside.rows], [2, 1]);
  outside.text(0, 0, "long");
  assertEquals(cells.line(2), "        lo");
});

Deno.test("Area: what a terminal would obey is written out, in each cell", () => {
  const cells = new Cells(60, 1);
  cells.area.text(0, 0, "a\x1b[31mb\x9b2J\u202ec\x07\nd\te\u0301\u200b");
  // deno-lint-ignore no-control-regex
  for (const text of cells.texts) assert(!/[\x00-\x1f\x7f-\x9f\u202e\u200b]/.test(text), JSON.stringify(text));
  assert(cells.line(0).startsWith("a\\x1b[31mb\\x9b2J\\u202ec\\x07\\nd e\u0301"), cells.line(0));
});

Deno.test("cutText and fitText: by columns, not by characters", () => {
  assertEquals(cutText("abcdef", 4), "abc…");
  assertEquals(cutText("中中中", 4), "中…");
  assertEquals(cutText("abc", 0), "");
  assertEquals(fitText("中", 4), "中  ");
  assertEquals(fitText("1.5", 5, "left"), "  1.5");
});

Deno.test("makePlain: nothing but ASCII is left, and each cell keeps its width", () => {
  const cells = new Cells(20, 2);
  cells.area.text(0, 0, "╭─ a · b… ✓ 中é↓");
  makePlain(cells);
  assertEquals(cells.line(0), "+- a - b~ . ???v");
  assert(cells.texts.every((text) => /^[\x20-\x7e]$/.test(text)));
});
