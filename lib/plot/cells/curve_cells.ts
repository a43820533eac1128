import type { Chart, DrawnCurve } from "../chart.ts";
import { floorOf } from "../chart.ts";
import { type Columns, columnsOf } from "../columns.ts";
import type { Scale } from "../scale/scale.ts";
import type { Characters } from "./characters.ts";
import { Dots, type Pattern } from "./dots.ts";
import type { Line, Span } from "./span.ts";

/** What lines look like without colours, beyond the first: dots drawn, and dots left out. */
export const DASHES: readonly (Pick<Pattern, "on" | "off"> & { readonly key: string })[] = [
  { on: 1, off: 0, key: "──" },
  { on: 1, off: 2, key: "··" },
  { on: 6, off: 3, key: "╌╌" },
  { on: 3, off: 5, key: "- " },
  { on: 2, off: 1, key: "┈┈" },
  { on: 1, off: 5, key: ". " },
];

/** What lines are made of in ASCII without colours, beyond a single one. */
export const MARKS = "*+ox#%@&";

/** How curves are told apart. */
export interface CurveStyle {
  readonly characters: Characters;
  /** By colours, and else by dashes or marks. */
  readonly colour: boolean;
}

/** The rows of the curves of a chart alone, without axes. */
export function curveCells(
  { curves }: Pick<Chart, "curves">,
  x: Scale,
  y: Scale,
  size: { readonly columns: number; readonly rows: number },
  { characters, colour }: CurveStyle,
): Line[] {
  const { across, down } = characters;
  const lines = new Dots(size.columns, size.rows, across, down);
  const bands = new Dots(size.columns, size.rows, across, down);
  const isPlain = !colour && curves.length > 1;
  const marks = isPlain && across === 1 ? MARKS : "";
  curves.forEach((curve, owner) => {
    if (curve.band !== undefined) drawBand(bands, curve, curve.band, owner, x, y);
  });
  curves.forEach((curve, owner) => {
    const dashes = DASHES[curve.colour % DASHES.length];
    const pattern = isPlain && marks === "" && dashes.off > 0 ? { ...dashes, drawn: 0 } : undefined;
    drawLine(lines, columnsOf(curve.x, curve.y, x, lines.width, floorOf(y)), owner, y, pattern);
  });
  return Array.from({ length: size.rows }, (_, row) => {
    const spans: Span[] = [];
    for (let cell = row * size.columns; cell < (row + 1) * size.columns; cell++) {
      const isLine = lines.bits[cell] !== 0;
      const owner = isLine ? lines.owners[cell] : bands.owners[cell];
      if (owner < 0) {
        append(spans, { text: " " });
        continue;
      }
      const paint = curves[owner].colour;
      if (!isLine) append(spans, { text: characters.band(bands.bits[cell]), paint, isFaint: true });
      else append(spans, { text: marks[paint % marks.length] ?? characters.of(lines.bits[cell]), paint });
    }
    return spans.at(-1)?.paint === undefined ? spans.slice(0, -1) : spans;
  });
}

/** Appends a cell, to the last span where it looks the same. */
function append(spans: Span[], { text, paint, isFaint }: Span): void {
  const last = spans.at(-1);
  if (last === undefined || last.paint !== paint || last.isFaint !== isFaint) spans.push({ text, paint, isFaint });
  else spans[spans.length - 1] = { text: last.text + text, paint, isFaint };
}

function drawLine(dots: Dots, columns: Columns, owner: number, y: Scale, pattern: Pattern | undefined): void {
  const bottom = dots.height - 1;
  const rowOf = (value: number) => Math.round(bottom * (1 - y.place(value)));
  let [lastX, lastY] = [0, 0];
  for (let index = 0; index < columns.count; index++) {
    const column = columns.at[index];
    const first = rowOf(columns.first[index]);
    if (columns.isStart[index] === 0) dots.line(lastX, lastY, column, first, owner, pattern);
    else dots.line(column, first, column, first, owner, pattern);
    if (columns.low[index] !== columns.high[index] && column >= 0 && column < dots.width) {
      if (pattern === undefined) dots.vertical(column, rowOf(columns.high[index]), rowOf(columns.low[index]), owner);
      else dots.line(column, rowOf(columns.high[index]), column, rowOf(columns.low[index]), owner, pattern);
    }
    [lastX, lastY] = [column, rowOf(columns.last[index])];
  }
}

/** Some dots of the area between two lines. */
function drawBand(
  dots: Dots,
  { x: places }: DrawnCurve,
  { low, high }: NonNullable<DrawnCurve["band"]>,
  owner: number,
  x: Scale,
  y: Scale,
): void {
  const [below, above] = [low, high].map((edge) => edgeOf(columnsOf(places, edge, x, dots.width, floorOf(y)), dots, y));
  for (let column = 0; column < dots.width; column++) {
    const [from, to] = [above.high[column], below.low[column]];
    if (Number.isNaN(from) || Number.isNaN(to)) continue;
    for (let row = Math.max(0, Math.round(from)); row <= Math.min(dots.height - 1, Math.round(to)); row++) {
      if (dots.across === 1 || row % 4 === column % 2 * 2) dots.set(column, row, owner);
    }
  }
}

/** In which rows the least and the greatest value of an edge stand in each column, with straight lines between its points. */
function edgeOf(columns: Columns, dots: Dots, y: Scale): { readonly low: Float64Array; readonly high: Float64Array } {
  const [low, high] = [new Float64Array(dots.width).fill(NaN), new Float64Array(dots.width).fill(NaN)];
  const rowOf = (value: number) => (dots.height - 1) * (1 - y.place(value));
  for (let index = 0; index < columns.count; index++) {
    const column = columns.at[index];
    const [lowest, highest] = [rowOf(columns.low[index]), rowOf(columns.high[index])];
    if (columns.isStart[index] === 0) {
      const before = columns.at[index - 1];
      const [from, to] = [rowOf(columns.last[index - 1]), rowOf(columns.first[index])];
      for (let between = before + 1; between < column; between++) {
        low[between] = high[between] = from + (to - from) * (between - before) / (column - before);
      }
    }
    if (column >= 0 && column < dots.width) [low[column], high[column]] = [lowest, highest];
  }
  return { low, high };
}
