/** A stretch of characters that look alike. */
export interface Span {
  readonly text: string;
  /** The place of a curve's colour in the palette, or what else the text is; undefined: nothing special. */
  readonly paint?: Paint;
  /** Whether it stands back, as bands do behind their lines. */
  readonly isFaint?: boolean;
}

/** How a stretch is painted. */
export type Paint = number | "axis" | "title";

/** Spans side by side. */
export type Line = readonly Span[];

/** The text of spans. */
export function lineText(line: Line): string {
  return line.map(({ text }) => text).join("");
}
