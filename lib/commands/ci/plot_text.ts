import { chartCells } from "../../plot/cells/chart_cells.ts";
import type { Chart } from "../../plot/chart.ts";
import type { Piece } from "../../terminal/colours.ts";
import type { Output } from "../../terminal/output.ts";
import { plotLines } from "../../terminal/plot.ts";

/** The size of a plot in a report; the legend is a part of it. */
const COLUMNS = 72;
const ROWS = 10;

/** A plot for an output. */
export function plotFor({ columns, colour, characters }: Output, plot: Chart, indent: number): Piece[][] {
  const room = Math.max(20, Math.min(COLUMNS, columns - indent));
  return plotLines(colour ? plot : toldApart(plot), { columns: room, colour, characters }, ROWS);
}

/** A plot for a file. */
export function plotText(plot: Chart): string[] {
  return chartCells(toldApart(plot), { columns: COLUMNS, rows: ROWS, colour: false })
    .map((line) => line.map(({ text }) => text).join("").trimEnd());
}

/** Curves of one side share a colour; without colours each has dashes or marks of its own. */
function toldApart(plot: Chart): Chart {
  return { ...plot, curves: plot.curves.map((curve, at) => ({ ...curve, colour: at })) };
}
