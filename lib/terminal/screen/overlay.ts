import type { Area } from "./cells.ts";
import { drawFrame } from "./frame.ts";
import { columnsOf } from "./graphemes.ts";
import { BOLD, type Style } from "./style.ts";

/** A paragraph of a help: a heading, and keys with what they do. */
export interface HelpGroup {
  readonly title: string;
  readonly keys: readonly (readonly [key: string, does: string])[];
}

/** Between two columns of a help. */
const GAP = 3;

/**
 * Draws a help over what stands there, in as many columns as have room, from a row of it on. Returns how many rows could
 * not be shown.
 */
export function drawHelp(
  area: Area,
  groups: readonly HelpGroup[],
  from: number,
  style: Style,
): number {
  const keyWidth = Math.max(...groups.flatMap(({ keys }) => keys.map(([key]) => columnsOf(key))));
  const textWidth = Math.max(...groups.flatMap(({ keys }) => keys.map(([, does]) => columnsOf(does))));
  const width = Math.min(keyWidth + 2 + textWidth, Math.max(10, area.columns - 6));
  const lines = groups.flatMap(({ title, keys }, at) => [
    ...at === 0 ? [] : [{ title: "" }],
    { title },
    ...keys.map(([key, does]) => ({ key, does })),
  ]);
  const most = Math.max(1, area.rows - 4);
  const across = Math.max(1, Math.min(Math.ceil(lines.length / most), Math.floor((area.columns - 4) / (width + GAP))));
  const height = Math.min(most, Math.ceil(lines.length / across));
  const hidden = Math.max(0, lines.length - height * across);
  const start = Math.min(from, hidden);
  const columns = Math.min(area.columns, across * (width + GAP) - GAP + 4);
  const box = {
    column: (area.columns - columns) >> 1,
    row: Math.max(0, (area.rows - height - 2) >> 1),
    columns,
    rows: height + 2,
  };
  const part = area.part(box);
  part.fill();
  const below = hidden > 0 ? "↑↓ more · esc closes" : "esc closes";
  const inner = drawFrame(part, { title: "keys", below }, style);
  for (let at = 0; at < height * across && start + at < lines.length; at++) {
    const line = lines[start + at];
    const column = 1 + Math.floor(at / height) * (width + GAP);
    const cell = inner.part({ column, row: at % height, columns: width, rows: 1 });
    if ("title" in line) cell.text(0, 0, line.title ?? "", BOLD);
    else {
      cell.text(0, 0, line.key, style);
      cell.text(keyWidth + 2, 0, line.does);
    }
  }
  return hidden;
}
