import type { Command, OptionSpec } from "../../../cli/command.ts";
import { LIST_OPTIONS } from "../../../cli/print_options.ts";
import { readPermissions } from "./options.ts";

/** The options of `dbx config ls`. */
export const OPTIONS = [
  {
    name: "show-origin",
    kind: "flag",
    help: "print which file each one is from, and those that another one overrides",
  },
  { name: "all", short: "a", kind: "flag", help: "list all settings that there may be" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx config ls`. */
export const command: Command<typeof OPTIONS> = {
  name: "config ls",
  summary: "list the settings that count here",
  usage: "[options]",
  examples: ["dbx config ls --show-origin", "dbx config ls --all"],
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  withoutRepository: () => true,
  permissions: (_, environment) => readPermissions(environment),
};
