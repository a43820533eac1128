import { UsageError } from "../../../base/errors.ts";
import type { Context } from "../../../cli/command.ts";
import type { Piece } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import { plotLines } from "../../../terminal/plot.ts";
import type { Described } from "./labels.ts";
import { chartOf, type PlotLine } from "./request.ts";
import { cellsFor, type Drawing } from "./drawing.ts";

/** Finds out how to draw: the terminal is asked whether it shows pictures. */
export async function drawingOf(context: Context, parsed: PlotLine): Promise<Drawing> {
  const { stdout } = context;
  const { draw = "auto" } = parsed.options;
  if (draw === "auto" || draw === "kitty" || draw === "sixel") {
    const { pictureDrawing } = await import("./show_picture.ts");
    const drawing = await pictureDrawing(context, parsed, draw);
    if (drawing !== undefined) return drawing;
    if (draw !== "auto") {
      throw new UsageError(`Cannot draw as ${draw}: the output is not a terminal; --png FILE writes a picture`);
    }
  }
  return {
    draw(found) {
      const lines = drawnLines(stdout, parsed, found);
      stdout.lines(lines);
      return lines;
    },
  };
}

/** The plot in characters, as large as the terminal allows. */
function drawnLines(stdout: Output, parsed: PlotLine, found: readonly Described[]): Piece[][] {
  const { colour, characters } = stdout;
  const { draw } = parsed.options;
  const [columns, rows] = cellsFor(stdout, parsed);
  const isChosen = draw === "braille" || draw === "blocks" || draw === "ascii";
  return plotLines(chartOf(parsed, found, true), { columns, colour, characters: isChosen ? draw : characters }, rows);
}
