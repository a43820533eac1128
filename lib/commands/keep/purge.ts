import type { Command, OptionSpec } from "../../cli/command.ts";
import { RECORD_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx purge`. */
export const OPTIONS = [
  { name: "secret", kind: "flag", help: "look for a secret: the only thing that purge looks for" },
  { name: "redact", kind: "list", value: "REGEX", help: "what this matches is a secret" },
  { name: "dry-run", kind: "flag", help: "say what holds it, and remove nothing" },
  { name: "yes", short: "y", kind: "flag", help: "do not ask" },
  { name: "force", kind: "flag", help: "also runs that go on, and files whose other users cannot be read" },
  ...RECORD_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx purge`. */
export const command: Command<typeof OPTIONS> = {
  name: "purge",
  summary: "find what holds a secret, and remove it for good",
  usage: "--secret [-|TEXT] [--redact REGEX]",
  details:
    `Looks through every file of the repository (definitions, notes, logs, what programs printed, files that were logged) for a secret, lists
the runs and experiments that hold it, asks, and purges them as a whole, as dbx rm --purge does: here, and in every copy that hears of it.
Logs are sealed, so no single line is taken out of one.

With -, the secret is read from the terminal, where it is not shown, or from stdin. As TEXT it also stays in the history of the shell, so
rather use -. It is found as it is, as JSON escapes it, as a URL does, and line by line. Without a text, dbx looks for whatever its present
rules of redaction find, which may be more than they knew when a run was recorded; with --redact, only for what these patterns match.

A secret that got out is to be changed all the same: backups, snapshots of the disk, and copies that are never synchronised keep it.`,
  examples: [
    "dbx purge --secret -",
    "pass show wandb | dbx purge --secret --yes -",
    "dbx purge --secret --dry-run",
    "dbx purge --secret --redact 'corp-[0-9a-f]{32}'",
  ],
  exitCodes: { 0: "nothing holds it, or all of it is gone", 1: "something holds it still, or, with --dry-run, at all" },
  options: OPTIONS,
  positionals: { min: 0, max: 1 },
  async permissions(_, around) {
    return (await import("./purge/permissions.ts")).purgePermissions(around);
  },
};
