import { width } from "../../lib/terminal/table.ts";
import { assertEquals } from "../assert.ts";

Deno.test({ name: "width: columns of a terminal, not characters", permissions: "none" }, () => {
  const widths: readonly (readonly [text: string, columns: number])[] = [
    ["loss", 4],
    ["größe", 5],
    ["e\u0301", 1],
    ["日本", 4],
    ["🚀", 2],
    ["👩‍🔬", 2],
    ["a🚀b", 4],
    ["", 0],
  ];
  for (const [text, columns] of widths) assertEquals(width(text), columns, JSON.stringify(text));
});
