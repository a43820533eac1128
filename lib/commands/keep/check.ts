import type { Command } from "../../cli/command.ts";

/** `dbx check`. */
export const command: Command = {
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
and from what can still be read, and keeps the old bytes under .dbx.

Exit codes: 0 no damage; 1 damage, or with --portable a name that is invalid on another system; 2 a wrong command line.`,
  examples: ["dbx check", "dbx check --read-data", "dbx check --portable", "dbx check --repair-marker"],
  options: [
    { name: "repair-marker", kind: "flag", help: "write a new dbx.json if it is damaged, then check" },
    { name: "read-data", kind: "flag", help: "read the objects and compare their hashes" },
    { name: "portable", kind: "flag", help: "list names that are invalid or not distinct on Windows or macOS" },
    { name: "json", kind: "flag", help: "each problem as a line of JSON" },
  ],
  servers: true,
  positionals: { min: 0, max: 0 },
  permissions: (parsed, around) => ({
    read: [around.repo],
    write: parsed.options["repair-marker"] === true ? [around.repo] : undefined,
  }),
  load: () => import("./check_run.ts"),
};
