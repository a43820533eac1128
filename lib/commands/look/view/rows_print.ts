import type { QueryValue } from "../../../query/result/answer.ts";
import { plain, rowsWriter } from "../../../query/result/rows_text.ts";
import type { Output } from "../../../terminal/output.ts";
import { printValues } from "../../../terminal/table.ts";
import type { RowStyle } from "./row_format.ts";

/** Rows in arrays. */
type Chunks = Iterable<readonly (readonly QueryValue[])[]> | AsyncIterable<readonly (readonly QueryValue[])[]>;

/** How much is gathered before it is written. */
const PIECE = 64 * 1024;

/** Writes rows as they come (a table when all are there). Numbers are written exactly. */
export async function writeRows(
  out: Output,
  { format, safe }: RowStyle,
  columns: readonly string[],
  chunks: Chunks,
): Promise<void> {
  if (format === "table") {
    const all: (readonly QueryValue[])[] = [];
    for await (const chunk of chunks) for (const row of chunk) all.push(row);
    return printValues(out, columns, all, (value) => value === null ? "NULL" : plain(value));
  }
  const writer = rowsWriter(format, columns, { safe });
  const isJson = format === "json" || format === "jsonl";
  const write = (texts: readonly string[]) => isJson ? out.jsonText(texts.join("")) : out.records(texts);
  const { line, between } = writer;
  // That of Markdown has a second line, of dashes.
  let texts: string[] = format === "markdown" ? writer.head.split(/(?<=\n)/) : [writer.head];
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
  write(writer.foot === "" ? texts : [...texts, writer.foot]);
}
