import type { Command, OptionSpec } from "../../cli/command.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of commands that read files. */
export const READ_OPTIONS = [
  { name: "bytes", kind: "text", value: "A-B", help: "only these bytes: 0-99, 100-, or -100 for the last 100" },
  {
    name: "version",
    kind: "count",
    value: "N",
    help: "this version of a file; dbx files --versions lists them",
    default: "the latest that is kept",
  },
] as const satisfies readonly OptionSpec[];

/** The options of `dbx cat`. */
export const OPTIONS = READ_OPTIONS;

/** `dbx cat`. */
export const command: Command<typeof OPTIONS> = {
  name: "cat",
  summary: "print a file of a run",
  usage: "[options] ID:NAME …",
  details:
    `Writes the bytes of files to stdout, one after another; NAME may be a glob. Of several runs that have a file of that name, the one
that was kept last is meant. On a terminal, text is shown without the control characters that a terminal would obey, and other
files are refused.`,
  examples: [
    "dbx cat 3f:metrics.csv | head",
    "dbx cat 3f:model.pt --bytes 0-99 | xxd",
    "dbx cat 3f:config.yaml --version 1",
  ],
  exitCodes: { 1: "there is no such file, or its bytes are missing or damaged" },
  endsAtOnce: true,
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity, completes: ["run-file"] },
  permissions: (_, environment) => sourcePermissions(environment),
};
