import type { Command } from "./command.ts";
import { indexFolder } from "./index_folder.ts";

/** `dbx schema`. */
export const command: Command = {
  name: "schema",
  summary: "list the tables, columns and series that can be asked for",
  usage: "[options] [table]",
  examples: ["dbx schema", "dbx schema points"],
  options: [{ name: "json", kind: "flag", help: "as JSON" }],
  positionals: { min: 0, max: 1 },
  permissions: (_, around) => ({ read: [around.repo], write: [indexFolder(around)] }),
  load: () => import("./schema_run.ts"),
};
