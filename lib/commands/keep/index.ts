import type { Command, OptionSpec } from "../../cli/command.ts";
import { RECORD_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx index`. */
export const OPTIONS = [
  { name: "full", kind: "flag", help: "look at the logs of closed runs too" },
  { name: "rebuild", kind: "flag", help: "drop it, and make it anew" },
  { name: "verify", kind: "flag", help: "compare it with the logs" },
  { name: "drop", kind: "flag", help: "remove it" },
  ...RECORD_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx index`. */
export const command: Command<typeof OPTIONS> = {
  name: "index",
  summary: "bring what is derived from the logs up to date",
  usage: "[options]",
  details:
    `Queries keep columns of what the logs say, and bring them up to date themselves; this does so ahead of them. The logs are the
truth: the index can be dropped at any time. A run that has ended and whose logs are sealed is closed: its logs are not looked at
again until dbx itself brings something to them. --full looks at all of them, and so finds what another program appended. --verify reads all logs again, and fails where the index does not hold what they say.`,
  examples: ["dbx index", "dbx index --verify"],
  exitCodes: { 1: "it failed, or --verify found a difference" },
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  permissions: (_, around) => sourcePermissions(around),
};
