import type { Command } from "./command.ts";

/** `dbx gc`. */
export const command: Command = {
  name: "gc",
  summary: "remove the bytes of deleted experiments",
  usage: "[--older-than 30d] [--dry-run]",
  details:
    `Removes the runs of experiments that were deleted that long ago, files that no other experiment refers to, and what crashes left
unfinished. What an experiment that is not deleted refers to stays, whatever happens meanwhile. A copy that still holds the bytes
can bring them back after dbx restore. Runs may be going on.`,
  examples: ["dbx gc --dry-run", "dbx gc --older-than 7d"],
  options: [
    { name: "older-than", kind: "text", value: "TIME", help: "since they were deleted: 12h, 30d", default: "30d" },
    { name: "dry-run", kind: "flag", help: "say what would be removed, and remove nothing" },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  positionals: { min: 0, max: 0 },
  permissions: (_, around) => ({ read: [around.repo], write: [around.repo] }),
  load: () => import("./gc_run.ts"),
};
