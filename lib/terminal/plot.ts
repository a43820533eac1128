import { chartCells } from "../plot/cells/chart_cells.ts";
import type { Line, Span } from "../plot/cells/span.ts";
import type { Chart } from "../plot/chart.ts";
import { Painted, type Piece } from "./colours.ts";
import { curveColour } from "./curve_colours.ts";
import type { Output } from "./output.ts";
import { width } from "./table.ts";

/** Where a chart is drawn. */
export type PlotPlace = Pick<Output, "columns" | "colour" | "characters">;

/** A wider curve is not easier to read. */
const MAX_COLUMNS = 200;

/** Draws a chart for an output in so many rows, which is the height of the whole. */
export function plotLines(chart: Chart, { columns, colour, characters }: PlotPlace, rows: number): Piece[][] {
  return chartCells(chart, { columns: Math.min(columns, MAX_COLUMNS), rows, colour, characters, width }).map(painted);
}

function painted(line: Line): Piece[] {
  return line.map(({ text, paint, isFaint }: Span): Piece => {
    if (paint === undefined) return text;
    return new Painted(text, paint === "axis" ? "grey" : paint === "title" ? "bold" : curveColour(paint, isFaint));
  });
}
