import { plain, rowsWriter, type RowValue } from "../base/rows/rows_text.ts";
import { chosenFields } from "./fields.ts";
import { styled } from "./colours.ts";
import type { Output } from "./output.ts";
import type { Chunks, PrintStyle, RowsResult } from "./result.ts";
import { printValues } from "./table.ts";
import { short } from "./values.ts";

/** How much is gathered before it is written. */
const PIECE = 64 * 1024;

/**
 * Writes rows as they come (a table when all are there). Numbers are written exactly, but in a table on a terminal.
 * Returns how many lines a table took.
 */
export async function printRows(
  out: Output,
  style: PrintStyle,
  { fields, chunks, show, colour, chosenBy, foot }: Omit<RowsResult, "kind" | "close" | "empty">,
): Promise<number> {
  const wanted = style.quiet ? fields.slice(0, 1) : chosenFields(style.fields, fields, chosenBy);
  const picked = wanted === fields ? chunks : pick(chunks, wanted.map((name) => fields.indexOf(name)));
  if (style.format === "table" && !style.quiet) {
    const all: (readonly RowValue[])[] = [];
    for await (const chunk of picked) for (const row of chunk) all.push(row);
    const textOf = show === undefined
      ? (value: RowValue) =>
        value === null ? "NULL" : typeof value === "number" && out.isTerminal ? short(value) : plain(value)
      : (value: RowValue, at: number) => show(wanted[at], value);
    const printed = printValues(out, wanted, all, textOf, {
      colour: colour && ((at, text) => colour(wanted[at], text)),
      header: style.header,
      chosenBy,
    });
    if (foot === undefined) return printed;
    out.line(styled("grey", foot));
    return printed + 1;
  }
  await writeRows(out, style, wanted, picked);
  return 0;
}

async function writeRows(
  out: Output,
  { format, safe, header, quiet }: PrintStyle,
  fields: readonly string[],
  chunks: Chunks<readonly RowValue[]>,
): Promise<void> {
  // One value a line is what both csv and a person's script read.
  const { head, line, between, foot } = rowsWriter(format === "table" ? "tsv" : format, fields, { safe });
  const isJson = format === "json" || format === "jsonl";
  const write = (texts: readonly string[]) => isJson ? out.jsonText(texts.join("")) : out.records(texts);
  // That of Markdown has a second line, of dashes.
  let texts: string[] = isJson ? [head] : header && !quiet ? head.split(/(?<=\n)/) : [];
  let size = 0;
  let count = 0;
  for await (const chunk of chunks) {
    for (const row of chunk) {
      const text = count++ > 0 && between !== "" ? between + line(row) : line(row);
      texts.push(text);
      size += text.length;
      if (size < PIECE) continue;
      write(texts);
      texts = [];
      size = 0;
    }
  }
  if (count === 0 && format === "json") out.jsonText("[]\n");
  else write(foot === "" ? texts : [...texts, foot]);
}

async function* pick(
  chunks: Chunks<readonly RowValue[]>,
  columns: readonly number[],
): AsyncGenerator<(readonly RowValue[])[]> {
  for await (const chunk of chunks) yield chunk.map((row) => columns.map((at) => row[at]));
}
