import type { Command } from "./command.ts";

/** `dbx check`. */
export const command: Command = {
  name: "check",
  summary: "verify a repository",
  usage: "[--read-data]",
  details:
    `Verifies definitions, ids, every line of every log and references to objects; --read-data reads every object, too. Each problem is
printed with its file and line. Exit code 1 if anything is damaged; a line that is still being written and the like are notes. Nothing is repaired.`,
  options: [
    { name: "read-data", kind: "flag", help: "read the objects and compare their hashes" },
    { name: "json", kind: "flag", help: "each problem as a line of JSON" },
  ],
  servers: true,
  positionals: { min: 0, max: 0 },
  permissions: (_, around) => ({ read: [around.repo] }),
  load: () => import("./check_run.ts"),
};
