import { eastAsianWidth } from "get-east-asian-width";
import { type Colour, paint } from "./ansi.ts";
import type { Output } from "./command.ts";
import { safe } from "./format_values.ts";

/**
 * Prints rows under a header, aligned; numbers to the right. On a terminal, lines are cut at its width.
 *
 * @param colour The colour of a cell, by its column and its text.
 */
export function printTable(
  out: Output,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  colour?: (column: number, text: string) => Colour | undefined,
): void {
  const table = [header, ...rows].map((row) => row.map((text) => PLAIN.test(text) ? text : oneLine(text)));
  const sizes = table.map((row) => row.map(width));
  const widths = header.map((_, at) => sizes.reduce((most, row) => Math.max(most, row[at]), 0));
  const right = header.map((_, at) => rows.length > 0 && rows.every((row) => row[at] === "" || isNumber(row[at])));
  const lines = table.map((row, index) => {
    const cells = row.map((text, at) => {
      const gap = " ".repeat(widths[at] - sizes[index][at]);
      return (at === 0 ? "" : "  ") + (right[at] ? gap + text : text + gap);
    });
    trimEnd(cells);
    if (out.isTerminal) cutTo(cells, out.columns);
    return cells.map((text, at) => paint(out, index === 0 ? "bold" : colour?.(at, row[at]), text)).join("") + "\n";
  });
  out.write(lines.join(""));
}

/** What needs no care: most cells. */
const PLAIN = /^[\x20-\x7e]*$/;

function oneLine(text: string): string {
  return safe(text).replaceAll("\n", " ").replaceAll("\t", " ");
}

/** A line ends at its last character, not at the edge of the last column. */
function trimEnd(cells: string[]): void {
  for (let at = cells.length - 1; at >= 0; at--) {
    cells[at] = cells[at].trimEnd();
    if (cells[at] !== "") return;
  }
}

/** Cuts a line to the columns of a terminal; an ellipsis says that something is missing. */
function cutTo(cells: string[], columns: number): void {
  if (cells.reduce((sum, text) => sum + width(text), 0) <= columns) return;
  let left = columns - 1;
  for (const [at, text] of cells.entries()) {
    const size = width(text);
    if (size <= left) {
      left -= size;
      continue;
    }
    let cut = "";
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      left -= width(segment);
      if (left < 0) break;
      cut += segment;
    }
    cells[at] = cut + "…";
    cells.fill("", at + 1);
    return;
  }
}

function isNumber(text: string): boolean {
  return /^-?[\d.]+(e[+-]?\d+)?$|^-?inf$|^nan$/.test(text);
}

/** Columns of a terminal that a text takes. */
export function width(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let sum = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    // A segment takes the columns of its first character; an emoji takes two, marks of its own none.
    if (/^\p{Emoji_Presentation}/u.test(segment)) sum += 2;
    else if (!/^[\p{Mn}\p{Me}\p{Cf}]/u.test(segment)) sum += eastAsianWidth(segment.codePointAt(0) ?? 0);
  }
  return sum;
}
