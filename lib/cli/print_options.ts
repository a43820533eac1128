import { UsageError } from "../base/errors.ts";
import { chosenFields } from "../terminal/fields.ts";
import type { PrintStyle } from "../terminal/result.ts";
import type { OptionSpec } from "./options.ts";

const JSONL_OPTION = { name: "jsonl", kind: "flag", help: "print JSON in one line" } as const satisfies OptionSpec;

/** The options of commands that read, and whose result is one object. */
export const REPORT_OPTIONS = [
  { name: "json", kind: "optional", value: "FIELDS", help: "print JSON; --json=a,b: only these fields" },
  JSONL_OPTION,
] as const satisfies readonly OptionSpec[];

/** Those of commands that change something: no fields are chosen, as a wrong one would be noticed when it is done. */
export const CHANGE_OPTIONS = [
  { name: "json", kind: "flag", help: "print JSON" },
  JSONL_OPTION,
] as const satisfies readonly OptionSpec[];

/** Of those that say something for people that can be left out. */
export const QUIET_OPTION = {
  name: "quiet",
  short: "q",
  kind: "flag",
  help: "print only warnings",
} as const satisfies OptionSpec;

/** Those of commands that change something, and need not say so. */
export const ACTION_OPTIONS = [...CHANGE_OPTIONS, QUIET_OPTION] as const satisfies readonly OptionSpec[];

/** The options of commands whose result is rows. */
export const LIST_OPTIONS = [
  {
    name: "format",
    short: "F",
    kind: "text",
    value: "F",
    choices: ["table", "csv", "tsv", "json", "jsonl", "markdown"],
    help: "the format of the rows",
    default: "table",
  },
  {
    name: "json",
    kind: "optional",
    value: "FIELDS",
    help: "the same as --format json; --json=a,b: only these fields",
  },
  { name: "jsonl", kind: "flag", help: "the same as --format jsonl: an object on each line" },
  { name: "no-header", kind: "flag", help: "leave out the names of the columns" },
  { name: "quiet", short: "q", kind: "flag", help: "only the first column, without its name: one value on each line" },
  {
    name: "safe",
    kind: "flag",
    help: "for csv and tsv: put ' before texts that a spreadsheet would take for formulas (=, +, -, @)",
  },
] as const satisfies readonly OptionSpec[];

/** What options of printing may be there, whichever of the lists a command has. */
export interface PrintOptions {
  readonly format?: string;
  readonly json?: boolean | string;
  readonly jsonl?: boolean;
  readonly "no-header"?: boolean;
  readonly quiet?: boolean;
  readonly safe?: boolean;
}

/** How a command line wants its result printed. */
export function printStyle(options: PrintOptions): PrintStyle {
  const { json = false, jsonl = false, quiet = false, safe = false } = options;
  if (json !== false && jsonl) throw new UsageError("Cannot print as --json and --jsonl at once: choose one");
  const format = json !== false ? "json" : jsonl ? "jsonl" : (options.format ?? "table") as PrintStyle["format"];
  if (safe && format !== "csv" && format !== "tsv") {
    throw new UsageError(`Cannot use --safe with the format ${format}: it is for csv and tsv`);
  }
  if (json === "") throw new UsageError("Cannot read --json=: it names no field; use --json, or --json=FIELDS");
  const fields = typeof json === "string" ? json.split(",").map((name) => name.trim()) : undefined;
  return { format, fields, header: options["no-header"] !== true, quiet, safe };
}

/** Whether people read what a command prints: what it does may be said while it is done. */
export function isForPeople(options: PrintOptions): boolean {
  const { format, quiet } = printStyle(options);
  return format === "table" && !quiet;
}

/**
 * Refuses a wrong `--json=FIELDS` before anything is read, where it is known which fields there will be. `chosenBy`: the option
 * by which others are asked for.
 */
export function checkFields(options: PrintOptions, fields: readonly string[], chosenBy?: string): void {
  chosenFields(printStyle(options).fields, fields, chosenBy);
}

/** Refuses `--json=FIELDS` where something is about to be changed: a wrong field would be noticed when it is done. */
export function refuseFields({ json }: PrintOptions): void {
  if (typeof json !== "string") return;
  throw new UsageError("Cannot choose fields here: --json=FIELDS is for lists; use --json");
}
