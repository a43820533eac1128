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

/** Draws a line around an area, and returns what lies in it. */
export function drawFrame(area: Area, titles: FrameTitles, style: Style): Area {
  const { columns, rows } = area;
  const inner = area.part({ column: 1, row: 1, columns: columns - 2, rows: rows - 2 });
  if (columns < 2 || rows < 2) return inner;
  area.text(0, 0, `╭${"─".repeat(columns - 2)}╮`, style);
  for (let row = 1; row < rows - 1; row++) {
    area.text(0, row, "│", style);
    area.text(columns - 1, row, "│", style);
  }
  area.text(0, rows - 1, `╰${"─".repeat(columns - 2)}╯`, style);
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
