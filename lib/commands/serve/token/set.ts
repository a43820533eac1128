import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { limitsIn, QUOTA_OPTIONS } from "../quota_options.ts";
import { changePermissions, ROLE_OPTION, TOKENS_OPTION } from "./tokens_option.ts";

/** The options of `dbx token set`. */
export const OPTIONS = [
  ROLE_OPTION,
  ...QUOTA_OPTIONS,
  TOKENS_OPTION,
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx token set`. */
export const command: Command<typeof OPTIONS> = {
  name: "token set",
  summary: "change the role or the limits of a token",
  usage: "NAME [--role ROLE] [options]",
  examples: ["dbx token set alice --role control", "dbx token set alice --max-files none"],
  options: OPTIONS,
  positionals: { min: 1, max: 1 },
  permissions(parsed, environment) {
    limitsIn(parsed);
    return changePermissions(parsed, environment);
  },
};
