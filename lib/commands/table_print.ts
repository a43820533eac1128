import { eastAsianWidth } from "get-east-asian-width";
import type { Output } from "./command.ts";
import { safe } from "./format_values.ts";

/** Prints rows under a header, aligned; numbers to the right. On a terminal, lines are cut at its width. */
export function printTable(out: Output, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [header, ...rows].map((row) =>
    row.map((text) => safe(text).replaceAll("\n", " ").replaceAll("\t", " "))
  );
  const widths = header.map((_, at) => Math.max(...table.map((row) => width(row[at]))));
  const right = header.map((_, at) => rows.length > 0 && rows.every((row) => row[at] === "" || isNumber(row[at])));
  table.forEach((row, index) => {
    const cells = row.map((text, at) => {
      const gap = " ".repeat(widths[at] - width(text));
      return right[at] ? gap + text : text + gap;
    });
    const line = cells.join("  ").trimEnd();
    const cut = out.isTerminal ? cutTo(line, out.columns) : line;
    out.write((index === 0 && out.colour ? `\x1b[1m${cut}\x1b[0m` : cut) + "\n");
  });
}

function isNumber(text: string): boolean {
  return /^-?[\d.]+(e[+-]?\d+)?$|^-?inf$|^nan$/.test(text);
}

/** Columns of a terminal that a text takes. */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let sum = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    // A segment takes the columns of its first character; an emoji takes two, marks of its own none.
    if (/^\p{Emoji_Presentation}/u.test(segment)) sum += 2;
    else if (!/^[\p{Mn}\p{Me}\p{Cf}]/u.test(segment)) sum += eastAsianWidth(segment.codePointAt(0) ?? 0);
  }
  return sum;
}

function cutTo(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  let cut = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    used += width(segment);
    if (used > columns - 1) break;
    cut += segment;
  }
  return cut + "…";
}
