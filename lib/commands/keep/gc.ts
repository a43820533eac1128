import type { Command, OptionSpec } from "../../cli/command.ts";
import { RECORD_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx gc`. */
export const OPTIONS = [
  { name: "older-than", kind: "text", value: "TIME", help: "since they were deleted: 12h, 30d", default: "30d" },
  { name: "dry-run", kind: "flag", help: "say what would be removed, and remove nothing" },
  { name: "force", kind: "flag", help: "collect also where dbx check finds damage" },
  ...RECORD_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx gc`. */
export const command: Command<typeof OPTIONS> = {
  name: "gc",
  summary: "remove the bytes of deleted experiments",
  usage: "[--older-than 30d] [--dry-run] [--force]",
  details:
    `Removes the runs of experiments that were deleted that long ago, files that no other experiment refers to, and what crashes left
unfinished; it prints what goes, then removes it. Look at --dry-run first. What an experiment that is not deleted refers to stays,
whatever happens meanwhile; where something that may refer to files cannot be read, all files stay. A copy that still holds the bytes
can bring them back after dbx restore. Runs may be going on.

What was purged (dbx rm --purge) and is there all the same, as its purge was cut off or a program wrote on, goes too.

Where dbx check finds damage, nothing is removed, unless --force is given: what is damaged may be what says that something stays.`,
  examples: ["dbx gc --dry-run", "dbx gc --older-than 7d"],
  exitCodes: { 1: "damage was found, or something could not be removed" },
  options: OPTIONS,
  goesAhead: true,
  positionals: { min: 0, max: 0 },
  permissions: (_, around) => ({ read: [around.repo], write: [around.repo], sys: ["hostname"] }),
};
