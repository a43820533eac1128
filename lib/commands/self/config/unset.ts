import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions, USER_OPTION } from "./options.ts";

/** The options of `dbx config unset`. */
export const OPTIONS = [USER_OPTION, ...ACTION_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx config unset`. */
export const command: Command<typeof OPTIONS> = {
  name: "config unset",
  summary: "remove a default from a file",
  usage: "[--user] NAME",
  examples: ["dbx config unset tags", "dbx config unset --user ls.cols"],
  exitCodes: { 1: "the file does not set it" },
  options: OPTIONS,
  positionals: { min: 1, max: 1, completes: ["setting"] },
  withoutRepository: () => true,
  permissions: (parsed, environment) => changePermissions(environment, parsed.options.user),
};
