import type { Context } from "../../../cli/command.ts";
import { askTerminal } from "../../../terminal/pictures/ask_terminal.ts";
import { placed, type TerminalPictures } from "../../../terminal/pictures/terminal_pictures.ts";
import type { Piece } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import type { Described } from "./labels.ts";
import { chartOf, type PlotLine } from "./request.ts";
import { cellsFor, type Drawing } from "./drawing.ts";

/**
 * Draws pictures on a terminal that says it shows them, or that is said to; undefined where it does not. A plain terminal, and one
 * without colours, is not asked.
 */
export async function pictureDrawing(
  { stdout, stdin, env }: Context,
  parsed: PlotLine,
  wanted: "auto" | "kitty" | "sixel",
): Promise<Drawing | undefined> {
  const isPlain = !stdout.colour || stdout.characters !== "braille" || env.TERM === undefined;
  if (!stdout.isTerminal || wanted === "auto" && isPlain) return undefined;
  const asked = await askTerminal(stdout, stdin);
  const protocol = wanted === "auto" ? asked?.protocol : wanted;
  if (protocol === undefined) return undefined;
  const terminal: TerminalPictures = { cell: [10, 20], background: undefined, ...asked, protocol };
  const [{ pixelsFor }, { kittyPicture }, { sixelPicture }] = await Promise.all([
    import("./pixels.ts"),
    import("../../../terminal/pictures/kitty.ts"),
    import("../../../terminal/pictures/sixel.ts"),
  ]);
  return {
    draw(found: readonly Described[]): readonly Piece[][] {
      const [columns, rows] = pictureCells(stdout, parsed);
      const raster = pixelsFor(chartOf(parsed, found, false), [columns, rows], terminal);
      const picture = protocol === "kitty" ? kittyPicture(raster, [columns, rows]) : sixelPicture(raster);
      stdout.control(placed(picture, rows));
      return Array.from({ length: rows }, () => []);
    },
  };
}

/** A picture keeps one row free below it. */
function pictureCells(stdout: Output, parsed: PlotLine): readonly [number, number] {
  const [columns, rows] = cellsFor(stdout, parsed);
  return [Math.min(columns, stdout.columns), Math.min(rows, Math.max(1, stdout.rows - 2))];
}
