import type { QueryValue } from "../query/result/answer.ts";
import { plain, type RowsFormat, rowsWriter } from "../query/result/rows_text.ts";
import type { Output } from "./command.ts";
import { printValues } from "./table_print.ts";

/** The ways to write rows. */
export type RowFormat = "table" | RowsFormat;

/** Rows in arrays. */
type Chunks = Iterable<readonly (readonly QueryValue[])[]> | AsyncIterable<readonly (readonly QueryValue[])[]>;

/** How much is gathered before it is written. */
const PIECE = 64 * 1024;

/** Writes rows as they come (a table when all are there). Numbers are written exactly. */
export async function writeRows(
  out: Output,
  format: RowFormat,
  columns: readonly string[],
  chunks: Chunks,
): Promise<void> {
  if (format === "table") {
    const all: (readonly QueryValue[])[] = [];
    for await (const chunk of chunks) for (const row of chunk) all.push(row);
    return printValues(out, columns, all, (value) => value === null ? "NULL" : plain(value));
  }
  const { head, line, between, foot } = rowsWriter(format, columns);
  let text = head;
  let count = 0;
  for await (const chunk of chunks) {
    for (const row of chunk) {
      text += (count++ > 0 ? between : "") + line(row);
      if (text.length < PIECE) continue;
      out.write(text);
      text = "";
    }
  }
  out.write(text + foot);
}
