import { spoolFolder } from "../../../client/spool/folder.ts";
import type { Command } from "../../../cli/command.ts";
import { LIST_OPTIONS } from "../../../cli/print_options.ts";

/** The options of `dbx spool ls`. */
export const OPTIONS = LIST_OPTIONS;

/** `dbx spool ls`. */
export const command: Command<typeof OPTIONS> = {
  name: "spool ls",
  summary: "list what is to be sent",
  usage: "[options]",
  examples: ["dbx spool", "dbx spool ls --json"],
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  servers: true,
  permissions(_, environment) {
    const folder = spoolFolder(environment.env);
    return { read: folder === undefined ? [] : [folder] };
  },
};
