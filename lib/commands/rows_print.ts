import type { QueryValue } from "../query/result/answer.ts";
import { plain, type RowsFormat, rowsWriter } from "../query/result/rows_text.ts";
import type { Output } from "./command.ts";
import { printTable } from "./table_print.ts";

/** The ways to write rows. */
export type RowFormat = "table" | RowsFormat;

/** Rows with named columns. */
interface Rows extends AsyncIterable<readonly QueryValue[]> {
  readonly columns: readonly string[];
}

/** How much is gathered before it is written. */
const PIECE = 64 * 1024;

/** Writes rows as they come (a table when all are there). Numbers are written exactly. */
export async function writeRows(out: Output, format: RowFormat, rows: Rows): Promise<void> {
  if (format === "table") {
    const all: string[][] = [];
    for await (const row of rows) all.push(row.map((value) => (value === null ? "NULL" : plain(value))));
    return printTable(out, rows.columns, all);
  }
  const { head, line, between, foot } = rowsWriter(format, rows.columns);
  let text = head;
  let count = 0;
  for await (const row of rows) {
    text += (count++ > 0 ? between : "") + line(row);
    if (text.length < PIECE) continue;
    out.write(text);
    text = "";
  }
  out.write(text + foot);
}
