import { UsageError } from "../../../base/errors.ts";
import type { RowsFormat } from "../../../query/result/rows_text.ts";
import type { OptionSpec, Parsed } from "../../../cli/command.ts";
import { flag, text } from "../../../cli/parse.ts";

/** The ways to write rows. */
export type RowFormat = "table" | RowsFormat;

/** How rows are to be written. */
export interface RowStyle {
  readonly format: RowFormat;
  /** Whether texts are kept from becoming formulas of a spreadsheet. */
  readonly safe: boolean;
}

/** The options of commands that print rows. */
export const FORMAT_OPTIONS: readonly OptionSpec[] = [
  {
    name: "format",
    short: "f",
    kind: "text",
    value: "F",
    choices: ["table", "csv", "tsv", "json", "jsonl", "markdown"],
    help: "the format of the rows",
    default: "table",
  },
  { name: "json", kind: "flag", help: "the same as --format json" },
  {
    name: "safe",
    kind: "flag",
    help: "for csv and tsv: put ' before texts that a spreadsheet would take for formulas (=, +, -, @)",
  },
];

/** What a command line says of it. */
export function rowStyle(parsed: Parsed): RowStyle {
  const format = flag(parsed, "json") ? "json" : (text(parsed, "format") ?? "table") as RowFormat;
  const safe = flag(parsed, "safe");
  if (safe && format !== "csv" && format !== "tsv") {
    throw new UsageError(`Cannot use --safe with the format ${format}: it is for csv and tsv`);
  }
  return { format, safe };
}
