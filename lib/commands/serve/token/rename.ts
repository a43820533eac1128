import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions, TOKENS_OPTION } from "./tokens_option.ts";

/** The options of `dbx token rename`. */
export const OPTIONS = [TOKENS_OPTION, ...ACTION_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx token rename`. */
export const command: Command<typeof OPTIONS> = {
  name: "token rename",
  summary: "change the name of a token",
  usage: "NAME NEW [options]",
  details: `What it created still belongs to it.`,
  examples: ["dbx token rename alice alice-laptop"],
  options: OPTIONS,
  positionals: { min: 2, max: 2 },
  permissions: changePermissions,
};
