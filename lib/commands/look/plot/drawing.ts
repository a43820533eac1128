import type { Piece } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import type { Described } from "./labels.ts";
import { type PlotLine, sizeOf } from "./request.ts";

/** How curves are drawn on an output. */
export interface Drawing {
  /** Draws, and gives the lines that were written: those of a picture are empty. */
  draw(found: readonly Described[]): readonly Piece[][];
}

/** How many columns and rows a plot takes. */
export function cellsFor(stdout: Pick<Output, "columns" | "rows">, parsed: PlotLine): readonly [number, number] {
  return sizeOf(parsed) ?? [stdout.columns, heightFor(stdout)];
}

/** A higher plot shows no more. */
const MAX_ROWS = 40;

/** Room for the prompt and the line that was typed stays, and on a high terminal a plot is not higher than it is wide. */
export function heightFor({ columns, rows }: Pick<Output, "columns" | "rows">): number {
  return Math.max(8, Math.min(rows - 2, Math.round(columns / 2.5), MAX_ROWS));
}
