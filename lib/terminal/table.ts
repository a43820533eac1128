import { eastAsianWidth } from "get-east-asian-width";
import { printable } from "../base/printable.ts";
import { type Colour, type Piece, styled } from "./colours.ts";
import { fitted } from "./fitted.ts";
import type { Output } from "./output.ts";

/** How a table looks. */
export interface TableStyle {
  /** The colour of a cell, by its column and its text. */
  readonly colour?: (column: number, text: string) => Colour | undefined;
  /** Whether the names of the columns stand above them, default true. */
  readonly header?: boolean;
  /** The option that chooses columns, named where not all of them fit; default: that `--json` shows them. */
  readonly chosenBy?: string;
}

/**
 * Prints rows under a header, aligned; numbers to the right. On a terminal too narrow for them, empty columns are left out, then
 * the last ones, and a last line says so; a column of text that has some room is cut.
 */
export function printTable(
  out: Output,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  style: TableStyle = {},
): number {
  return printValues(out, header, rows, (text) => text, style);
}

/**
 * The same of values, whose texts are made when they are needed: of very many rows they would take much memory. Returns how
 * many lines it printed.
 */
export function printValues<Value>(
  out: Output,
  header: readonly string[],
  rows: readonly (readonly Value[])[],
  textOf: (value: Value, column: number) => string,
  { colour, header: hasHeader = true, chosenBy }: TableStyle = {},
): number {
  const cellOf = (value: Value, at: number): string => {
    const text = textOf(value, at);
    return PLAIN.test(text) ? text : oneLine(text);
  };
  const head = header.map((text) => oneLine(text));
  const widths = head.map((text) => hasHeader ? width(text) : 0);
  const right = head.map(() => rows.length > 0);
  const isEmpty = head.map(() => rows.length > 0);
  for (const row of rows) {
    for (let at = 0; at < head.length; at++) {
      const text = cellOf(row[at], at);
      const size = width(text);
      if (size > widths[at]) widths[at] = size;
      if (text !== "") isEmpty[at] = false;
      if (right[at] && text !== "" && typeof row[at] !== "number") right[at] = isNumber(text);
    }
  }
  const { columns, widths: room, more } = fitted(
    { widths, isEmpty, isNumber: right },
    out.isTerminal ? out.columns : Infinity,
  );
  const padded = (text: string, at: number, isFirst: boolean): string => {
    const gap = " ".repeat(room[at] - width(text));
    return (isFirst ? "" : "  ") + (right[at] ? gap + text : text + gap);
  };
  const painted = (texts: readonly string[], colourOf: (at: number, text: string) => Colour | undefined): Piece[] => {
    const cells = columns.map((at, index) => padded(cutTo(texts[at], room[at]), at, index === 0));
    trimEnd(cells);
    return cells.map((cell, index) => styled(colourOf(columns[index], texts[columns[index]]), cell));
  };
  const hint = chosenBy === undefined ? "--json shows them" : `${chosenBy} chooses`;
  out.lines(function* (): Generator<Piece | Piece[]> {
    if (hasHeader) yield painted(head, () => "bold");
    for (const row of rows) {
      if (out.isTerminal) {
        yield painted(row.map(cellOf), (at, text) => colour?.(at, text));
        continue;
      }
      let line = "";
      for (let at = 0; at < head.length; at++) line += padded(cellOf(row[at], at), at, at === 0);
      yield line.trimEnd();
    }
    if (more > 0) yield styled("grey", `${more} more ${more === 1 ? "column" : "columns"}; ${hint}`);
  }());
  return Number(hasHeader) + rows.length + Number(more > 0);
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

/** Cuts a text to the columns of a terminal; an ellipsis says that something is missing. A number is not cut inside. */
export function cutTo(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let cut = "";
  let left = isNumber(text) ? 0 : columns - 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= width(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut + "…";
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
