import { absolute } from "../../base/paths.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";

/** The languages that there is a client for. */
export const LANGUAGES = ["python"] as const;

/** The options of `dbx sdk`. */
export const OPTIONS = [
  { name: "output", short: "o", kind: "text", value: "FILE", help: "write to FILE instead, replacing it" },
] as const satisfies readonly OptionSpec[];

/** `dbx sdk`. */
export const command: Command<typeof OPTIONS> = {
  name: "sdk",
  summary: "print the client for Python, one file",
  usage: "python [-o FILE]",
  details:
    `Prints dbxlogger.py, which needs nothing but Python 3.8 or later. It logs experiments into a folder, joins the run of dbx run, or
writes to the spool of a server. Inside dbx run, import dbxlogger works without it.`,
  examples: ["dbx sdk python > dbxlogger.py", "dbx sdk python -o src/dbxlogger.py"],
  options: OPTIONS,
  positionals: { min: 1, max: 1, choices: LANGUAGES },
  permissions: ({ options: { output } }, { cwd }) => output === undefined ? {} : { write: [absolute(output, cwd)] },
  withoutRepository: () => true,
};
