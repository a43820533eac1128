import type { Command, OptionSpec } from "../../cli/command.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx files`. */
export const OPTIONS = [
  {
    name: "versions",
    kind: "flag",
    help: "a row for each version of a file, also of those that are no longer kept",
  },
  { name: "code", kind: "flag", help: "also the code that runs were started with" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx files`. */
export const command: Command<typeof OPTIONS> = {
  name: "files",
  summary: "list the files of runs",
  usage: "[options] [ID[:NAME]]",
  details:
    `Lists the files that runs kept: of the repository, or of one experiment or run; NAME may be a glob. Each time that a run keeps
other contents by the same name is a version of that file; the latest is shown.

A run keeps what its program writes to $DBX_FILES, what dbx run --keep names, what the library's run.file keeps, and what dbx put
adds. dbx cat prints a file, dbx get copies files to this machine. A file that is only referred to (run.refFile) is listed with the
place where it was.`,
  examples: [
    "dbx files 3f",
    "dbx files '3f:ckpt/*.pt' --versions",
    "dbx files 3f --json=file,size,sha256",
  ],
  endsAtOnce: true,
  pages: () => true,
  options: OPTIONS,
  servers: true,
  positionals: { min: 0, max: 1, completes: ["run-file"] },
  permissions: (_, environment) => sourcePermissions(environment),
};
