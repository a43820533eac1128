import type { Command } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { changePermissions } from "./remote_permissions.ts";

/** The options of `dbx remote add`. */
export const OPTIONS = ACTION_OPTIONS;

/** `dbx remote add`. */
export const command: Command<typeof OPTIONS> = {
  name: "remote add",
  summary: "give a location a name",
  usage: "NAME LOCATION",
  details: `See dbx push --help for locations.`,
  examples: ["dbx remote add origin user@gpu:output", "dbx remote add lab https://lab:7070"],
  options: OPTIONS,
  positionals: { min: 2, max: 2 },
  permissions: (_, environment) => changePermissions(environment, true),
};
