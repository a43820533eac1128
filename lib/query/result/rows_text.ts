import type { QueryValue } from "./answer.ts";
import { distinctNames } from "./distinct_names.ts";

/** The ways to write rows as they come. */
export type RowsFormat = "csv" | "tsv" | "json" | "jsonl" | "markdown";

/** What stands before, for, between and after the rows. */
export interface RowsWriter {
  readonly head: string;
  readonly line: (row: readonly QueryValue[]) => string;
  readonly between: string;
  readonly foot: string;
}

/** How rows with these columns are written; two columns of one name have distinct keys in JSON. Numbers are written exactly. */
export function rowsWriter(format: RowsFormat, columns: readonly string[]): RowsWriter {
  const lines = (write: (row: readonly QueryValue[]) => string): RowsWriter => {
    return { head: write(columns), line: write, between: "", foot: "" };
  };
  switch (format) {
    case "csv": // RFC 4180, with the line feed of this system.
      return lines((row) => row.map((value) => csv(value)).join(",") + "\n");
    case "tsv":
      return lines((row) => row.map((value) => tsv(value)).join("\t") + "\n");
    case "markdown": {
      const write = (row: readonly QueryValue[]) => `| ${row.map((value) => markdown(value)).join(" | ")} |\n`;
      return { ...lines(write), head: write(columns) + `|${columns.map(() => " --- |").join("")}\n` };
    }
    case "json":
    case "jsonl": {
      const keys = distinctNames(columns).map((name) => JSON.stringify(name));
      if (format === "json") {
        return { head: "[\n", line: (row) => object(keys, row), between: ",\n", foot: "\n]\n" };
      }
      return { head: "", line: (row) => object(keys, row) + "\n", between: "", foot: "" };
    }
  }
}

/** A value as text; NULL is empty. */
export function plain(value: QueryValue): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value === "bigint") return String(value);
  return Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
}

function csv(value: QueryValue): string {
  const text = plain(value);
  // An empty text is told from NULL by its quotes.
  return /[",\r\n]/.test(text) || value === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

const TSV: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function tsv(value: QueryValue): string {
  return plain(value).replace(/[\\\t\n\r]/g, (character) => TSV[character]);
}

function markdown(value: QueryValue): string {
  return plain(value).replace(/[\\|]/g, "\\$&").replace(/\r?\n/g, "<br>");
}

/** JSON, in which NaN and the infinities are written as in a log, and whole numbers of any size as they are. */
function object(keys: readonly string[], row: readonly QueryValue[]): string {
  return `{${keys.map((key, at) => `${key}:${json(row[at])}`).join(",")}}`;
}

function json(value: QueryValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return `{"_dbx":"${plain(value)}"}`;
  return JSON.stringify(value instanceof Uint8Array ? plain(value) : value);
}
