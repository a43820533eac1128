import type { Command, OptionSpec } from "../../../cli/command.ts";
import { LIST_OPTIONS } from "../../../cli/print_options.ts";
import { logPermissionPaths } from "../../../cli/repository/log_permissions.ts";

/** The options of `dbx queue ls`. */
export const OPTIONS = [
  { name: "all", short: "a", kind: "flag", help: "include starts that have ended or were taken back" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx queue ls`. */
export const command: Command<typeof OPTIONS> = {
  name: "queue ls",
  summary: "list starts that wait or run",
  usage: "[options]",
  examples: ["dbx queue", "dbx queue ls --all --json=id,state"],
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  servers: true,
  permissions: (_, environment) => ({ read: [environment.repo, ...logPermissionPaths(environment)] }),
};
