import type { Command } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { logPermissionPaths } from "../../../cli/repository/log_permissions.ts";

/** The options of `dbx queue rm`. */
export const OPTIONS = ACTION_OPTIONS;

/** `dbx queue rm`. */
export const command: Command<typeof OPTIONS> = {
  name: "queue rm",
  summary: "take starts back that have not begun",
  usage: "ID …",
  details: "An id is that of a start or of its run, and may be shortened. dbx stop stops what has begun.",
  examples: ["dbx queue rm 3f9a"],
  exitCodes: { 1: "one of them has begun, or does not exist" },
  options: OPTIONS,
  positionals: { min: 1, max: Infinity },
  servers: true,
  permissions: (_, environment) => {
    const paths = [environment.repo, ...logPermissionPaths(environment)];
    return { read: paths, write: paths };
  },
};
