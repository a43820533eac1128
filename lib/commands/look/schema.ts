import type { Command, OptionSpec } from "../../cli/command.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx schema`. */
export const OPTIONS = [{ name: "json", kind: "flag", help: "as JSON" }] as const satisfies readonly OptionSpec[];

/** `dbx schema`. */
export const command: Command<typeof OPTIONS> = {
  name: "schema",
  summary: "list the tables, columns and series that can be asked for",
  usage: "[options] [table]",
  examples: ["dbx schema", "dbx schema points"],
  options: OPTIONS,
  servers: true,
  positionals: { min: 0, max: 1 },
  severalRepositories: true,
  permissions: (_, around) => sourcePermissions(around),
};
