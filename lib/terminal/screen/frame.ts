import type { Area } from "./cells.ts";
import { columnsOf, cutText } from "./graphemes.ts";
import { BOLD, type Style } from "./style.ts";

/** What stands in the line around an area. */
export interface FrameTitles {
  readonly title: string;
  /** At the right end of the upper line. */
  readonly right?: string;
  /** In the lower line. */
  readonly below?: string;
}

/** The characters of a line around an area: corners from the upper left on, clockwise; then lines. */
const LINES = { unicode: "╭╮╯╰─│", ascii: "++++-|" } as const;

/** Draws a line around an area, and returns what lies in it. `isPlain`: with characters of ASCII. */
export function drawFrame(area: Area, titles: FrameTitles, style: Style, isPlain = false): Area {
  const { columns, rows } = area;
  const inner = area.part({ column: 1, row: 1, columns: columns - 2, rows: rows - 2 });
  if (columns < 2 || rows < 2) return inner;
  const [a, b, c, d, across, down] = LINES[isPlain ? "ascii" : "unicode"];
  area.text(0, 0, a + across.repeat(columns - 2) + b, style);
  for (let row = 1; row < rows - 1; row++) {
    area.text(0, row, down, style);
    area.text(columns - 1, row, down, style);
  }
  area.text(0, rows - 1, d + across.repeat(columns - 2) + c, style);
  const { title, right = "", below = "" } = titles;
  const room = columns - 4;
  const head = cutText(title, room);
  if (head !== "") area.text(1, 0, ` ${head} `, style | BOLD);
  const free = room - columnsOf(head) - 3;
  const tail = columnsOf(right) <= free ? right : "";
  if (tail !== "") area.text(columns - columnsOf(tail) - 3, 0, ` ${tail} `, style);
  const foot = cutText(below, room);
  if (foot !== "") area.text(1, rows - 1, ` ${foot} `, style);
  return inner;
}
