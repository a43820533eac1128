import type { Command } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx schema`. */
export const OPTIONS = REPORT_OPTIONS;

/** `dbx schema`. */
export const command: Command<typeof OPTIONS> = {
  name: "schema",
  summary: "list the tables, columns and series that can be queried",
  usage: "[options] [table]",
  examples: ["dbx schema", "dbx schema points"],
  options: OPTIONS,
  pages: () => true,
  servers: true,
  endsAtOnce: true,
  positionals: { min: 0, max: 1, completes: ["table"] },
  severalRepositories: true,
  permissions: (_, environment) => sourcePermissions(environment),
};
