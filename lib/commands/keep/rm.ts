import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx rm`. */
export const OPTIONS = [
  { name: "purge", kind: "flag", help: "remove for good, here and in every copy" },
  { name: "yes", short: "y", kind: "flag", help: "with --purge: do not ask" },
  {
    name: "force",
    kind: "flag",
    help: "with --purge: also what goes on, and files whose other users cannot be read",
  },
  { name: "dry-run", kind: "flag", help: "with --purge: say what would go, and remove nothing" },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx rm`. */
export const command: Command<typeof OPTIONS> = {
  name: "rm",
  summary: "delete experiments; they can be restored, but for --purge",
  usage: "[--purge] ID …",
  details:
    `Marks experiments as deleted: lists and queries leave them out, and so will every copy that this one is synchronised with. Their bytes
stay until dbx gc removes them; until then dbx restore brings them back.

--purge removes for good, now: experiments, or single runs (by a run's id, or experiment/run), with notes, logs, files that nothing else
refers to, and all that dbx derived from them. Only the id stays, as a tombstone. It travels with dbx push, pull and sync: every copy that
gets it purges too, and no copy brings back what was purged. Nothing restores it. A server purges for a token with the role control.
What still goes on is refused without --force. A purge that is interrupted is finished by the next dbx gc, sync or purge. Backups,
snapshots of the disk and copies that are never synchronised keep their bytes. dbx purge --secret finds what holds a secret.`,
  examples: [
    "dbx rm 3f9a",
    "dbx query --where 'status = \"failed\"' --cols id --format csv | tail -n +2 | xargs dbx rm",
    "dbx rm --purge --dry-run 3f9a",
    "dbx rm --purge 3f9a/7kq2",
  ],
  exitCodes: { 1: "not done, or not all of it" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity },
  async permissions(parsed, around) {
    if (parsed.options.purge !== true) return { read: [around.repo], write: [around.repo] };
    return (await import("./purge/permissions.ts")).purgePermissions(around);
  },
};
