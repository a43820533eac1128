import type { Json } from "../json.ts";
import { distinctNames } from "./distinct_names.ts";
import { withoutFormula } from "./spreadsheet.ts";

/** A value of a row: of a query, or JSON. */
export type RowValue = Json | bigint | Uint8Array;

/** The ways to write rows as they come. */
export type RowsFormat = "csv" | "tsv" | "json" | "jsonl" | "markdown";

/** What stands before, for, between and after the rows. */
export interface RowsWriter {
  readonly head: string;
  readonly line: (row: readonly RowValue[]) => string;
  readonly between: string;
  readonly foot: string;
}

/**
 * How rows with these columns are written; two columns of one name have distinct keys in JSON. Numbers are written exactly.
 * `safe`: in csv and tsv no text begins a formula of a spreadsheet.
 */
export function rowsWriter(
  format: RowsFormat,
  columns: readonly string[],
  options: { readonly safe?: boolean } = {},
): RowsWriter {
  switch (format) {
    case "csv": // RFC 4180, with the line feed of this system.
    case "tsv": {
      const [exact, separator] = format === "csv" ? [csv, ","] as const : [tsv, "\t"] as const;
      const write = options.safe ? (value: RowValue) => exact(withoutFormula(value)) : exact;
      return {
        head: lineWriter(columns, write, separator)(columns),
        line: lineWriter(columns, write, separator),
        between: "",
        foot: "",
      };
    }
    case "markdown": {
      const line = lineWriter(columns, markdown, " | ", "| ", " |\n");
      return { head: line(columns) + `|${columns.map(() => " --- |").join("")}\n`, line, between: "", foot: "" };
    }
    case "json":
    case "jsonl": {
      const keys = distinctNames(columns).map((name) => `${JSON.stringify(name)}:`);
      return format === "json"
        ? { head: "[\n", line: lineWriter(keys, json, ",", "{", "}", keys), between: ",\n", foot: "\n]\n" }
        : { head: "", line: lineWriter(keys, json, ",", "{", "}\n", keys), between: "", foot: "" };
    }
  }
}

/**
 * Writes rows as lines. A text that stands below itself, such as the id of a run in its curve, is written as before.
 *
 * @param keys What stands before each value.
 */
function lineWriter(
  columns: readonly string[],
  write: (value: RowValue) => string,
  separator: string,
  open = "",
  close = "\n",
  keys?: readonly string[],
): (row: readonly RowValue[]) => string {
  const before = columns.map((_, at) => (at === 0 ? open : separator) + (keys?.[at] ?? ""));
  const lastTexts: RowValue[] = columns.map(() => null);
  const lastWritten = columns.map(() => "");
  return (row) => {
    let line = "";
    for (let at = 0; at < before.length; at++) {
      const value = row[at];
      if (typeof value === "number" && value - value === 0) line += before[at] + value;
      else if (value !== null && value === lastTexts[at]) line += lastWritten[at];
      else {
        const written = before[at] + write(value);
        if (typeof value === "string") [lastTexts[at], lastWritten[at]] = [value, written];
        line += written;
      }
    }
    return line + close;
  };
}

/** A value as text; NULL is empty. */
export function plain(value: RowValue): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number") return JSON.stringify(value);
  return Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
}

function csv(value: RowValue): string {
  const text = plain(value);
  // Quotes distinguish an empty text from NULL.
  return /[",\r\n]/.test(text) || value === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

const TSV: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function tsv(value: RowValue): string {
  return plain(value).replace(/[\\\t\n\r]/g, (character) => TSV[character]);
}

function markdown(value: RowValue): string {
  return plain(value).replace(/[\\|]/g, "\\$&").replace(/\r?\n/g, "<br>");
}

/** JSON, in which NaN and the infinities are written as in a log, and whole numbers of any size as they are. */
function json(value: RowValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return `{"_dbx":"${plain(value)}"}`;
  return JSON.stringify(value instanceof Uint8Array ? plain(value) : value);
}
