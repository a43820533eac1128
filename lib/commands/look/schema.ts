import type { Command } from "../../cli/command.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** `dbx schema`. */
export const command: Command = {
  name: "schema",
  summary: "list the tables, columns and series that can be queried",
  usage: "[options] [table]",
  examples: ["dbx schema", "dbx schema points"],
  options: [{ name: "json", kind: "flag", help: "as JSON" }],
  servers: true,
  positionals: { min: 0, max: 1 },
  severalRepositories: true,
  permissions: (_, around) => sourcePermissions(around),
  load: () => import("./schema_run.ts"),
};
