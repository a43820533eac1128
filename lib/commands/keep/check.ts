import type { Command, OptionSpec } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx check`. */
export const OPTIONS = [
  { name: "repair-marker", kind: "flag", help: "write a new dbx.json if it is damaged, then check" },
  { name: "read-data", kind: "flag", help: "read the objects and compare their hashes" },
  { name: "portable", kind: "flag", help: "list names that are invalid or not distinct on Windows or macOS" },
  ...REPORT_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx check`. */
export const command: Command<typeof OPTIONS> = {
  name: "check",
  summary: "verify a repository",
  usage: "[--read-data] [--portable] [--repair-marker]",
  details:
    `Verifies dbx.json, definitions, ids, every line of every log and references to objects; --read-data also reads every object.
Each problem is printed with its file and line. Lost or wrong data is damage; a line that is still being written, a line that
deviates from the format but can be read, an interrupted transfer of a run and the like are notes.
FORMAT.md, "What a check finds", lists all kinds of problems.

--portable also lists files and folders whose names are invalid on Windows or macOS, or are not distinct there (such as "a?b",
"aux", or "A" beside "a"), because the repository could not be copied there.

Nothing is repaired without --repair-marker, which replaces a damaged dbx.json by a new one, made from what this copy remembers
and from what can still be read, and keeps the old bytes under .dbx.`,
  examples: ["dbx check", "dbx check --read-data", "dbx check --portable", "dbx check --repair-marker"],
  exitCodes: { 0: "no damage", 1: "damage, or with --portable a name that is invalid on another system" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 0, max: 0 },
  permissions: (parsed, environment) => ({
    read: [environment.repo],
    write: parsed.options["repair-marker"] ? [environment.repo] : undefined,
  }),
};
