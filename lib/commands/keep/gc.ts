import type { Command, OptionSpec } from "../../cli/command.ts";
import { CHANGE_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx gc`. */
export const OPTIONS = [
  { name: "older-than", kind: "text", value: "TIME", help: "time since they were deleted: 12h, 30d", default: "30d" },
  { name: "dry-run", kind: "flag", help: "print what would be removed, and remove nothing" },
  { name: "force", kind: "flag", help: "collect even if dbx check finds damage" },
  ...CHANGE_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx gc`. */
export const command: Command<typeof OPTIONS> = {
  name: "gc",
  summary: "remove the bytes of deleted experiments, and files that are no longer kept",
  usage: "[--older-than 30d] [--dry-run] [--force]",
  details:
    `Removes the runs of experiments that were deleted that long ago, files that no other experiment refers to, versions of files that
a run no longer keeps (dbx run --keep-last, --keep-best), and leftovers of crashes; prints what it removes. Try --dry-run first. Files that an experiment still refers to are kept, whatever happens
meanwhile; if something that may refer to files cannot be read, all files are kept. After dbx restore, a copy that still has the
bytes can bring them back. Safe to run while experiments are being recorded.

What was just written waits, since the line that refers to it may be on its way: two seconds, or an hour while any run may still be
writing. A run counts as still writing while it sends heartbeats; without an end (its dbx was killed), until ten minutes after its files
changed last; what dbx log --exp added, for a minute. What is held back, and why, is printed at the end.

Also removes what was purged (dbx rm --purge) but is still there, because its purge was interrupted or a program continued to write.

If dbx check finds damage, nothing is removed without --force: the damaged part may be the one that says what to keep.`,
  examples: ["dbx gc --dry-run", "dbx gc --older-than 7d"],
  exitCodes: { 1: "damage was found, or something could not be removed" },
  options: OPTIONS,
  goesAhead: true,
  positionals: { min: 0, max: 0 },
  permissions: (_, environment) => ({ read: [environment.repo], write: [environment.repo], sys: ["hostname"] }),
};
