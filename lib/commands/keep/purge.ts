import type { Command, OptionSpec } from "../../cli/command.ts";
import { CHANGE_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx purge`. */
export const OPTIONS = [
  { name: "secret", kind: "flag", help: "search for a secret (required)" },
  { name: "redact", kind: "list", value: "REGEX", help: "treat what this matches as a secret" },
  { name: "dry-run", kind: "flag", help: "print what contains it, and remove nothing" },
  { name: "yes", short: "y", kind: "flag", help: "do not ask for confirmation" },
  { name: "force", kind: "flag", help: "include running runs, and files that unreadable experiments may refer to" },
  ...CHANGE_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx purge`. */
export const command: Command<typeof OPTIONS> = {
  name: "purge",
  summary: "find what contains a secret, and remove it permanently",
  usage: "--secret [-|TEXT] [--redact REGEX]",
  details:
    `Searches every file of the repository (definitions, notes, logs, printed output, logged files) for a secret, lists the runs and
experiments that contain it, asks for confirmation, and purges them as a whole, as dbx rm --purge does: here, and in every copy that
is synchronised with this one. Logs are sealed, so single lines cannot be removed.

With -, the secret is read from the terminal, where it is not shown, or from stdin. Prefer that to TEXT, which stays in the history of
the shell. The secret is found in its plain form, escaped as in JSON or in a URL, and line by line. Without a text, dbx searches for
whatever its current redaction rules find, which may be more than they found when a run was recorded; with --redact, only for what
these patterns match.

Change a secret that has leaked in any case: backups, snapshots of the disk, and copies that are never synchronised still contain it.`,
  examples: [
    "dbx purge --secret -",
    "pass show wandb | dbx purge --secret --yes -",
    "dbx purge --secret --dry-run",
    "dbx purge --secret --redact 'corp-[0-9a-f]{32}'",
  ],
  exitCodes: {
    0: "nothing contains it, or all of it was removed",
    1: "something still contains it, or, with --dry-run, contains it at all",
  },
  options: OPTIONS,
  positionals: { min: 0, max: 1 },
  async permissions(_, environment) {
    return (await import("./purge/permissions.ts")).purgePermissions(environment);
  },
};
