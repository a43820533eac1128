import type { Command, OptionSpec } from "../../../cli/command.ts";
import { REPORT_OPTIONS } from "../../../cli/print_options.ts";
import { readPermissions } from "./options.ts";

/** The options of `dbx config get`. */
export const OPTIONS = [
  { name: "show-origin", kind: "flag", help: "also print which file it is from" },
  ...REPORT_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx config get`. */
export const command: Command<typeof OPTIONS> = {
  name: "config get",
  summary: "print the value of a setting",
  usage: "[options] NAME",
  examples: ["dbx config get repo", "dbx config get tags --show-origin"],
  exitCodes: { 1: "it has no value here" },
  options: OPTIONS,
  positionals: { min: 1, max: 1, completes: ["setting"] },
  withoutRepository: () => true,
  permissions: (_, environment) => readPermissions(environment),
};
