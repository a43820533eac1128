import { type Cells, CONTINUED } from "./cells.ts";

/** What stands for the signs of a screen where a terminal shows ASCII alone; for any other character a question mark. */
const SIGNS: Readonly<Record<string, string>> = Object.fromEntries([
  ..."╭╮╰╯┌┐└┘├┤┬┴┼".split("").map((sign) => [sign, "+"]),
  ..."─–—".split("").map((sign) => [sign, "-"]),
  ["│", "|"],
  ["…", "~"],
  ["·", "-"],
  ["●", "*"],
  ["█", "#"],
  ["░", "."],
  ["▶", ">"],
  ["✓", "."],
  ["✗", "x"],
  ["■", "k"],
  ["↑", "^"],
  ["↓", "v"],
  ["→", ">"],
  ["←", "<"],
  ["⇧", "^"],
]);

const ASCII = /^[\x20-\x7e]?$/;

/** Makes all characters ASCII. */
export function makePlain({ texts }: Cells): void {
  for (let at = 0; at < texts.length; at++) {
    if (texts[at] === CONTINUED) texts[at] = "?";
    else if (!ASCII.test(texts[at])) texts[at] = SIGNS[texts[at]] ?? "?";
  }
}
