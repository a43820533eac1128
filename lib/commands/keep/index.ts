import type { Command, OptionSpec } from "../../cli/command.ts";
import { CHANGE_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx index`. */
export const OPTIONS = [
  { name: "full", kind: "flag", help: "include the logs of closed runs" },
  { name: "rebuild", kind: "flag", help: "remove it, and build it again" },
  { name: "verify", kind: "flag", help: "compare it with the logs" },
  { name: "drop", kind: "flag", help: "remove it" },
  ...CHANGE_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx index`. */
export const command: Command<typeof OPTIONS> = {
  name: "index",
  summary: "update the index",
  usage: "[options]",
  details:
    `Queries store the data of the logs as columns and update these themselves; this command does so in advance. The logs are the
truth: the index can be removed at any time. A run that has ended and whose logs are sealed is closed: its logs are not read
again until dbx itself appends to them. --full reads all of them, and so finds what another program appended. --verify reads all
logs again, and fails if the index differs from them.`,
  examples: ["dbx index", "dbx index --verify"],
  exitCodes: { 1: "it failed, or --verify found a difference" },
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  permissions: (_, environment) => sourcePermissions(environment),
};
