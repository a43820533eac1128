import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions, TOKENS_OPTION } from "./tokens_option.ts";

/** The options of `dbx token rm`. */
export const OPTIONS = [TOKENS_OPTION, ...ACTION_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx token rm`. */
export const command: Command<typeof OPTIONS> = {
  name: "token rm",
  summary: "remove a token",
  usage: "NAME [options]",
  details: `A running server closes its connections. Only control can write to what it created.`,
  examples: ["dbx token rm alice"],
  options: OPTIONS,
  positionals: { min: 1, max: 1 },
  permissions: changePermissions,
};
