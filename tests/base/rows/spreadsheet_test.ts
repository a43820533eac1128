import { rowsWriter } from "../../../lib/base/rows/rows_text.ts";
import { withoutFormula } from "../../../lib/base/rows/spreadsheet.ts";
import { assertEquals } from "../../assert.ts";

const none = { permissions: "none" } as const;

Deno.test("withoutFormula: what a spreadsheet would calculate is a text, and numbers stay", none, () => {
  for (
    const [value, expected] of [
      ["=1+1", "'=1+1"],
      ['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
      ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
      ["-2+3", "'-2+3"],
      ["@SUM(A1)", "'@SUM(A1)"],
      ["\t=1", "'\t'=1"],
      ["\r=1", "'\r'=1"],
      ["＝1", "'＝1"],
      ["a;=1", "a;'=1"],
      ["a\n=1", "a\n'=1"],
      ["a=1, b-2 @x", "a=1, b-2 @x"],
      ["-1.5e-3", "-1.5e-3"],
      ["+7", "+7"],
      ["", ""],
      [-2, -2],
      [-2n, -2n],
      [null, null],
    ] as const
  ) assertEquals(withoutFormula(value), expected);
});

Deno.test("rowsWriter: safe csv and tsv, names of columns too", none, () => {
  const safe = { safe: true };
  const csv = rowsWriter("csv", ["=a", "b"], safe);
  assertEquals(csv.head + csv.line(["=1,2", -3]) + csv.line(["=1,2", "x"]), `'=a,b\n"'=1,2",-3\n"'=1,2",x\n`);
  const tsv = rowsWriter("tsv", ["a"], safe);
  assertEquals(tsv.head + tsv.line(["\t=1"]), "a\n'\\t'=1\n");
  assertEquals(rowsWriter("csv", ["a"]).line(["=1"]), "=1\n");
});
