import { eastAsianWidth } from "get-east-asian-width";
import { printable } from "../base/printable.ts";
import { type Colour, type Piece, styled } from "./colours.ts";
import type { Output } from "./output.ts";

/** How a table looks. */
export interface TableStyle {
  /** The colour of a cell, by its column and its text. */
  readonly colour?: (column: number, text: string) => Colour | undefined;
  /** Whether the names of the columns stand above them, default true. */
  readonly header?: boolean;
}

/** Prints rows under a header, aligned; numbers to the right. On a terminal, lines are cut at its width. */
export function printTable(
  out: Output,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  style: TableStyle = {},
): void {
  printValues(out, header, rows, (text) => text, style);
}

/** The same of values, whose texts are made when they are needed: of very many rows they would take much memory. */
export function printValues<Value>(
  out: Output,
  header: readonly string[],
  rows: readonly (readonly Value[])[],
  textOf: (value: Value, column: number) => string,
  { colour, header: hasHeader = true }: TableStyle = {},
): void {
  const cellOf = (value: Value, at: number): string => {
    const text = textOf(value, at);
    return PLAIN.test(text) ? text : oneLine(text);
  };
  const head = header.map((text) => oneLine(text));
  const widths = head.map((text) => hasHeader ? width(text) : 0);
  const right = head.map(() => rows.length > 0);
  for (const row of rows) {
    for (let at = 0; at < head.length; at++) {
      const text = cellOf(row[at], at);
      const size = width(text);
      if (size > widths[at]) widths[at] = size;
      if (right[at] && text !== "" && typeof row[at] !== "number") right[at] = isNumber(text);
    }
  }
  const padded = (text: string, at: number): string => {
    const gap = " ".repeat(widths[at] - width(text));
    return (at === 0 ? "" : "  ") + (right[at] ? gap + text : text + gap);
  };
  const painted = (texts: readonly string[], colourOf: (at: number, text: string) => Colour | undefined): Piece[] => {
    const cells = texts.map(padded);
    trimEnd(cells);
    if (out.isTerminal) cutTo(cells, out.columns);
    return cells.map((cell, at) => styled(colourOf(at, texts[at]), cell));
  };
  out.lines(function* (): Generator<Piece | Piece[]> {
    if (hasHeader) yield painted(head, () => "bold");
    for (const row of rows) {
      if (out.isTerminal) {
        yield painted(row.map(cellOf), (at, text) => colour?.(at, text));
        continue;
      }
      let line = "";
      for (let at = 0; at < head.length; at++) line += padded(cellOf(row[at], at), at);
      yield line.trimEnd();
    }
  }());
}

/** What needs no care: most cells. */
const PLAIN = /^[\x20-\x7e]*$/;

function oneLine(text: string): string {
  return printable(text).replaceAll("\t", "\\t");
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
