import type { Command } from "../../../cli/command.ts";
import { LIST_OPTIONS } from "../../../cli/print_options.ts";
import { readPermissions } from "./remote_permissions.ts";

/** The options of `dbx remote ls`. */
export const OPTIONS = LIST_OPTIONS;

/** `dbx remote ls`. */
export const command: Command<typeof OPTIONS> = {
  name: "remote ls",
  summary: "list the remotes, and whether you confirmed them",
  usage: "[options]",
  examples: ["dbx remote ls", "dbx remote ls --json"],
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  permissions: (_, environment) => readPermissions(environment),
};
