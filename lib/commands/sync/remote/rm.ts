import type { Command } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions } from "./remote_permissions.ts";

/** The options of `dbx remote rm`. */
export const OPTIONS = ACTION_OPTIONS;

/** `dbx remote rm`. */
export const command: Command<typeof OPTIONS> = {
  name: "remote rm",
  summary: "forget a remote",
  usage: "NAME",
  examples: ["dbx remote rm lab"],
  options: OPTIONS,
  positionals: { min: 1, max: 1, completes: ["remote"] },
  permissions: (_, environment) => changePermissions(environment, true),
};
