import type { Command, OptionSpec } from "../../../cli/command.ts";
import { LIST_OPTIONS } from "../../../cli/print_options.ts";
import { readPermissions, TOKENS_OPTION } from "./tokens_option.ts";

/** The options of `dbx token ls`. */
export const OPTIONS = [TOKENS_OPTION, ...LIST_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx token ls`. */
export const command: Command<typeof OPTIONS> = {
  name: "token ls",
  summary: "list tokens, and how much each one has written to the repository",
  usage: "[options]",
  examples: ["dbx token ls"],
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  permissions: readPermissions,
};
