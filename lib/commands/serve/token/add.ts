import type { Command, OptionSpec } from "../../../cli/command.ts";
import { CHANGE_OPTIONS } from "../../../cli/print_options.ts";
import { limitsIn, QUOTA_OPTIONS } from "../quota_options.ts";
import { changePermissions, ROLE_OPTION, TOKENS_OPTION } from "./tokens_option.ts";

/** The options of `dbx token add`. */
export const OPTIONS = [
  { ...ROLE_OPTION, default: "write" },
  ...QUOTA_OPTIONS,
  { name: "inherit", kind: "text", value: "OLD", help: "take over what a removed token of this name created" },
  TOKENS_OPTION,
  ...CHANGE_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx token add`. */
export const command: Command<typeof OPTIONS> = {
  name: "token add",
  summary: "create a token, and print it once",
  usage: "NAME [--role ROLE] [options]",
  details:
    `Prints the token once; only its hash is stored. Only control can write to what a removed token created; --inherit OLD creates a
token that takes it over.`,
  examples: [
    "dbx token add alice",
    "dbx token add gpu-7 --role agent --max-bytes 500G",
    "dbx token add alice-2 --inherit alice",
  ],
  options: OPTIONS,
  positionals: { min: 1, max: 1 },
  permissions(parsed, environment) {
    limitsIn(parsed);
    return changePermissions(parsed, environment);
  },
};
