import type { Context } from "../../../cli/command.ts";
import type { Piece } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import { plotLines } from "../../../terminal/plot.ts";
import type { Described } from "./labels.ts";
import { chartOf, type PlotLine, sizeOf } from "./request.ts";

/** The plot in characters, as large as the terminal allows. */
export function drawnLines(
  { stdout }: Pick<Context, "stdout">,
  parsed: PlotLine,
  found: readonly Described[],
): Piece[][] {
  const { columns, colour, characters } = stdout;
  const { draw } = parsed.options;
  const [width, height] = sizeOf(parsed) ?? [columns, heightFor(stdout)];
  const place = {
    columns: width,
    colour,
    characters: draw === "braille" || draw === "blocks" || draw === "ascii" ? draw : characters,
  };
  return plotLines(chartOf(parsed, found, true), place, height);
}

/** Room for the prompt and the line that was typed stays, and on a high terminal a plot is not higher than it is wide. */
export function heightFor({ columns, rows }: Pick<Output, "columns" | "rows">): number {
  return Math.max(8, Math.min(rows - 2, Math.round(columns / 2.5)));
}
