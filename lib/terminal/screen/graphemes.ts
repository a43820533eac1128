import { printable } from "../../base/printable.ts";
import { width } from "../table.ts";

const ASCII = /^[\x20-\x7e]*$/;
const segmenter = new Intl.Segmenter();

/** A character as a reader sees it, with its marks, and how many columns of a terminal it takes: 1 or 2. */
export interface Grapheme {
  readonly text: string;
  readonly width: number;
}

/**
 * The characters of a text, of which a terminal obeys none: what it would obey or hide is written out. Marks without a
 * character to stand on are left out.
 */
export function* graphemesOf(text: string): Generator<Grapheme> {
  const safe = safeText(text);
  if (ASCII.test(safe)) {
    for (const letter of safe) yield { text: letter, width: 1 };
    return;
  }
  for (const { segment } of segmenter.segment(safe)) {
    const columns = width(segment);
    if (columns > 0) yield { text: segment, width: columns };
  }
}

/** The columns that a text takes on the screen, as {@linkcode graphemesOf} shows it. */
export function columnsOf(text: string): number {
  return width(safeText(text));
}

/** A text cut to some columns; an ellipsis says that something is missing. */
export function cutText(text: string, columns: number): string {
  const safe = safeText(text);
  if (width(safe) <= columns) return safe;
  if (columns <= 0) return "";
  let cut = "";
  let left = columns - 1;
  for (const grapheme of graphemesOf(safe)) {
    left -= grapheme.width;
    if (left < 0) break;
    cut += grapheme.text;
  }
  return `${cut}…`;
}

/** A text cut or filled with spaces to exactly some columns. `side`: where the spaces are. */
export function fitText(text: string, columns: number, side: "left" | "right" = "right"): string {
  const cut = cutText(text, columns);
  const gap = " ".repeat(Math.max(0, columns - width(cut)));
  return side === "left" ? gap + cut : cut + gap;
}

function safeText(text: string): string {
  return ASCII.test(text) ? text : printable(text).replaceAll("\t", " ");
}
