import type { Command } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions } from "./remote_permissions.ts";

/** The options of `dbx remote trust`. */
export const OPTIONS = ACTION_OPTIONS;

/** `dbx remote trust`. */
export const command: Command<typeof OPTIONS> = {
  name: "remote trust",
  summary: "confirm a remote that you did not add",
  usage: "NAME",
  examples: ["dbx remote trust origin"],
  options: OPTIONS,
  positionals: { min: 1, max: 1, completes: ["remote"] },
  permissions: (_, environment) => changePermissions(environment, false),
};
