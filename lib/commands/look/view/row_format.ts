import { UsageError } from "../../../base/errors.ts";
import type { RowsFormat } from "../../../query/result/rows_text.ts";
import type { OptionSpec, Parsed } from "../../../cli/command.ts";

/** The ways to write rows. */
export type RowFormat = "table" | RowsFormat;

/** How rows are to be written. */
export interface RowStyle {
  readonly format: RowFormat;
  /** Whether texts are kept from becoming formulas of a spreadsheet. */
  readonly safe: boolean;
}

/** The options of commands that print rows. */
export const FORMAT_OPTIONS = [
  {
    name: "format",
    short: "f",
    kind: "text",
    value: "F",
    choices: ["table", "csv", "tsv", "json", "jsonl", "markdown"],
    help: "how rows are written",
    default: "table",
  },
  { name: "json", kind: "flag", help: "the same as --format json" },
  {
    name: "safe",
    kind: "flag",
    help: "of csv and tsv for a spreadsheet: ' before texts that it would take for formulas (=, +, -, @)",
  },
] as const satisfies readonly OptionSpec[];

/** What a command line says of it. */
export function rowStyle(parsed: Parsed): RowStyle {
  const format = parsed.options.json ? "json" : (parsed.options.format ?? "table") as RowFormat;
  const safe = parsed.options.safe;
  if (safe && format !== "csv" && format !== "tsv") {
    throw new UsageError(`Cannot use --safe with the format ${format}: it is for csv and tsv`);
  }
  return { format, safe };
}
