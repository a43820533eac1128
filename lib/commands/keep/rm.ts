import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx rm`. */
export const OPTIONS = [
  { name: "purge", kind: "flag", help: "remove permanently, here and in every copy" },
  { name: "yes", short: "y", kind: "flag", help: "with --purge: do not ask for confirmation" },
  {
    name: "force",
    kind: "flag",
    help: "with --purge: include running runs, and files that unreadable experiments may refer to",
  },
  { name: "dry-run", kind: "flag", help: "with --purge: print what would be removed, and remove nothing" },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx rm`. */
export const command: Command<typeof OPTIONS> = {
  name: "rm",
  summary: "delete experiments; without --purge they can be restored",
  usage: "[--purge] ID …",
  details:
    `Marks experiments as deleted: lists and queries leave them out, here and in every copy that this one is synchronised with. Their
bytes are kept until dbx gc removes them; until then dbx restore restores them.

--purge removes experiments, or single runs (by a run's id, or experiment/run), immediately and permanently, with notes, logs, files
that nothing else refers to, and everything that dbx derived from them. Only the id remains, as a tombstone. It travels with dbx
push, pull and sync: every copy that receives it purges too, and no copy brings back what was purged. It cannot be restored. A server
purges for a token with the role control. A run that is still running is refused without --force. The next dbx gc, sync or purge
finishes an interrupted purge. Backups, snapshots of the disk and copies that are never synchronised keep their bytes. dbx purge
--secret finds what contains a secret.`,
  examples: [
    "dbx rm 3f9a",
    "dbx query --where 'status = \"failed\"' --cols id --format csv | tail -n +2 | xargs dbx rm",
    "dbx rm --purge --dry-run 3f9a",
    "dbx rm --purge 3f9a/7kq2",
  ],
  exitCodes: { 1: "not done, or not all of it" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity, completes: ["experiment"] },
  async permissions(parsed, environment) {
    if (parsed.options.purge !== true) return { read: [environment.repo], write: [environment.repo] };
    return (await import("./purge/permissions.ts")).purgePermissions(environment);
  },
};
