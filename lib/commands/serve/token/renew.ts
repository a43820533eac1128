import type { Command, OptionSpec } from "../../../cli/command.ts";
import { CHANGE_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions, TOKENS_OPTION } from "./tokens_option.ts";

/** The options of `dbx token renew`. */
export const OPTIONS = [TOKENS_OPTION, ...CHANGE_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx token renew`. */
export const command: Command<typeof OPTIONS> = {
  name: "token renew",
  summary: "print a new token that replaces the old one",
  usage: "NAME [options]",
  details: `What the old one created still belongs to it.`,
  examples: ["dbx token renew alice"],
  options: OPTIONS,
  positionals: { min: 1, max: 1 },
  permissions: changePermissions,
};
