import type { Curve } from "../index/series_summary.ts";
import { short } from "./format_values.ts";

const COLOURS = [36, 33, 35, 32, 34, 31];

/** Draws curves in braille dots, with axes; NaN and infinities are left out. `columns`: the width of the whole picture. */
export function plot(
  curves: readonly { readonly label: string; readonly curve: Curve }[],
  options: { readonly columns: number; readonly rows?: number; readonly colour?: boolean },
): string {
  const points = curves.map(({ curve }) =>
    curve.values.map((y, at) => [curve.steps[at], y] as const).filter(([x, y]) =>
      Number.isFinite(x) && Number.isFinite(y)
    )
  );
  const extent = (axis: 0 | 1) => {
    let [low, high] = [Infinity, -Infinity];
    for (const list of points) {
      for (const point of list) [low, high] = [Math.min(low, point[axis]), Math.max(high, point[axis])];
    }
    return [low, high] as const;
  };
  const [left, right] = extent(0);
  const [bottom, top] = extent(1);
  if (left > right) return "no finite points to draw\n";
  const labels = [short(top), short((top + bottom) / 2), short(bottom)];
  const margin = Math.max(...labels.map((label) => label.length)) + 1;
  const rows = options.rows ?? 15;
  const columns = Math.max(10, Math.min(options.columns, 160) - margin - 2);
  const dots = new Uint8Array(rows * columns);
  const owner = new Int16Array(rows * columns).fill(-1);
  points.forEach((list, index) => {
    let before: readonly [number, number] | undefined;
    for (const [x, y] of [...list].sort((a, b) => a[0] - b[0])) {
      const px = Math.round((x - left) / (right - left || 1) * (columns * 2 - 1));
      const py = Math.round((top - y) / (top - bottom || 1) * (rows * 4 - 1));
      line(before ?? [px, py], [px, py], (dx, dy) => {
        const at = (dy >> 2) * columns + (dx >> 1);
        dots[at] |= DOT[dy & 3][dx & 1];
        owner[at] = index;
      });
      before = [px, py];
    }
  });
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const label = row === 0 ? labels[0] : row === rows >> 1 ? labels[1] : row === rows - 1 ? labels[2] : "";
    let text = "";
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const dot = dots[at] === 0 ? " " : String.fromCharCode(0x2800 + dots[at]);
      text += options.colour && owner[at] >= 0 ? `\x1b[${COLOURS[owner[at] % COLOURS.length]}m${dot}\x1b[0m` : dot;
    }
    lines.push(`${label.padStart(margin)} │${text.trimEnd()}`);
  }
  lines.push(`${" ".repeat(margin)} └${"─".repeat(columns)}`);
  const [from, to] = [short(left), short(right)];
  lines.push(`${" ".repeat(margin + 2)}${from}${to.padStart(Math.max(1, columns - from.length))}`);
  for (const [index, { label }] of curves.entries()) {
    const mark = options.colour ? `\x1b[${COLOURS[index % COLOURS.length]}m──\x1b[0m` : "──";
    lines.push(`${" ".repeat(margin + 2)}${mark} ${label}`);
  }
  return lines.join("\n") + "\n";
}

/** The bits of a braille cell: 4 rows, 2 columns. */
const DOT = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

function line(
  from: readonly [number, number],
  to: readonly [number, number],
  set: (x: number, y: number) => void,
): void {
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1);
  for (let step = 0; step <= steps; step++) {
    const part = step / steps;
    set(Math.round(from[0] + (to[0] - from[0]) * part), Math.round(from[1] + (to[1] - from[1]) * part));
  }
}
