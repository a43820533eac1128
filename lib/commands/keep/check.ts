import type { Command, OptionSpec } from "../../cli/command.ts";
import { RECORD_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx check`. */
export const OPTIONS = [
  { name: "repair-marker", kind: "flag", help: "write a new dbx.json if it is damaged, then check" },
  { name: "read-data", kind: "flag", help: "read the objects and compare their hashes" },
  { name: "portable", kind: "flag", help: "name files that Windows or macOS cannot hold or keep apart" },
  ...RECORD_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx check`. */
export const command: Command<typeof OPTIONS> = {
  name: "check",
  summary: "verify a repository",
  usage: "[--read-data] [--portable] [--repair-marker]",
  details:
    `Verifies the marker, definitions, ids, every line of every log and references to objects; --read-data reads every object, too.
Each problem is printed with its file and line. Damage is what is lost or wrong; a line that is still being written, one that is
written less strictly than the format says but is read all the same, a run whose transfer was interrupted and the like are notes.
FORMAT.md, "What a check finds", lists all kinds of problems.

--portable also names files and folders that Windows or macOS cannot hold or keep apart (such as "a?b", "aux", or "A" beside "a"),
so that the repository could not be copied there.

Nothing is repaired, except with --repair-marker: it writes a new dbx.json in the place of one that is damaged, from what this copy
remembers and what can still be read, and keeps the old bytes under .dbx.`,
  examples: ["dbx check", "dbx check --read-data", "dbx check --portable", "dbx check --repair-marker"],
  exitCodes: { 0: "no damage", 1: "damage, or with --portable a name that another system cannot hold" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 0, max: 0 },
  permissions: (parsed, around) => ({
    read: [around.repo],
    write: parsed.options["repair-marker"] ? [around.repo] : undefined,
  }),
};
