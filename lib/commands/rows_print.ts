import type { Output } from "./command.ts";
import { printTable } from "./table_print.ts";

/** The ways to write rows. */
export type RowFormat = "table" | "csv" | "tsv" | "json" | "jsonl" | "markdown";

type Value = null | number | bigint | string | Uint8Array;

/** Rows with named columns. */
interface Rows extends AsyncIterable<readonly Value[]> {
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
  const { head, line, between, foot } = writerOf(format, rows.columns);
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

interface Writer {
  readonly head: string;
  readonly line: (row: readonly Value[]) => string;
  readonly between: string;
  readonly foot: string;
}

function writerOf(format: Exclude<RowFormat, "table">, columns: readonly string[]): Writer {
  const lines = (write: (row: readonly Value[]) => string): Writer => {
    return { head: write(columns), line: write, between: "", foot: "" };
  };
  switch (format) {
    case "csv": // RFC 4180, with the line feed of this system.
      return lines((row) => row.map((value) => csv(value)).join(",") + "\n");
    case "tsv":
      return lines((row) => row.map((value) => tsv(value)).join("\t") + "\n");
    case "markdown": {
      const write = (row: readonly Value[]) => `| ${row.map((value) => markdown(value)).join(" | ")} |\n`;
      return { ...lines(write), head: write(columns) + `|${columns.map(() => " --- |").join("")}\n` };
    }
    case "json":
      return { head: "[\n", line: (row) => object(columns, row), between: ",\n", foot: "\n]\n" };
    case "jsonl":
      return { head: "", line: (row) => object(columns, row) + "\n", between: "", foot: "" };
  }
}

/** A value as text; NULL is empty. */
function plain(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value === "bigint") return String(value);
  return Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
}

function csv(value: Value): string {
  const text = plain(value);
  // An empty text is told from NULL by its quotes.
  return /[",\r\n]/.test(text) || value === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

const TSV: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function tsv(value: Value): string {
  return plain(value).replace(/[\\\t\n\r]/g, (character) => TSV[character]);
}

function markdown(value: Value): string {
  return plain(value).replace(/[\\|]/g, "\\$&").replace(/\r?\n/g, "<br>");
}

/** JSON, in which NaN and the infinities are written as in a log, and whole numbers of any size as they are. */
function object(columns: readonly string[], row: readonly Value[]): string {
  return `{${columns.map((name, at) => `${JSON.stringify(name)}:${json(row[at])}`).join(",")}}`;
}

function json(value: Value): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return `{"_dbx":"${plain(value)}"}`;
  return JSON.stringify(value instanceof Uint8Array ? plain(value) : value);
}
