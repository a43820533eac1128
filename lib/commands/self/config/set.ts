import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions, USER_OPTION } from "./options.ts";

/** The options of `dbx config set`. */
export const OPTIONS = [USER_OPTION, ...ACTION_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx config set`. */
export const command: Command<typeof OPTIONS> = {
  name: "config set",
  summary: "set a default, in dbx.toml of the project or in your own configuration",
  usage: "[--user] NAME VALUE",
  details:
    `Writes the file of the project, the nearest dbx.toml upward, else a new one in the working folder; comments and all other lines stay
as they are. The values of a list have commas between them.`,
  examples: [
    "dbx config set repo runs",
    "dbx config set tags paper,draft",
    "dbx config set --user remotes.lab https://lab:7070",
  ],
  options: OPTIONS,
  positionals: { min: 2, max: 2, completes: ["setting"] },
  withoutRepository: () => true,
  permissions: (parsed, environment) => changePermissions(environment, parsed.options.user),
};
