import { UsageError } from "../../../base/errors.ts";
import { isUrl } from "../../../base/server_url.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { flag } from "../../../cli/parse.ts";
import { openRepo, openServer } from "../../../cli/repository/repository.ts";
import { carryOut } from "./carry_out.ts";
import { confirmPurge, printTargets, reportPurged } from "./confirm_purge.ts";
import { checkStill, targetsOf } from "./targets.ts";

/** `dbx rm --purge`. */
export async function purgeNamed(context: Context, parsed: Parsed): Promise<number> {
  const server = isUrl(context.repo) ? await openServer(context, context.repo) : undefined;
  const repository = await server?.snapshot(context.signal) ?? await openRepo(context);
  const force = flag(parsed, "force");
  const dryRun = flag(parsed, "dry-run");
  const quiet = flag(parsed, "quiet");
  const json = flag(parsed, "json");
  const { targets, purgedBefore } = await targetsOf(repository, parsed.positionals, context.now);
  if (!quiet && !json) {
    for (const id of purgedBefore) context.stdout.line(`${id} was purged before`);
    printTargets(context, targets, dryRun ? "would purge:" : "to purge:");
  }
  const ids = targets.map(({ id }) => id);
  if (dryRun) {
    if (json) context.stdout.json({ dryRun, targets, purgedBefore }, 2);
    return 0;
  }
  checkStill(targets, force);
  if (targets.length > 0 && !flag(parsed, "yes")) await confirmPurge(context, targets.length);
  // Also where nothing is to go: another purge may have been cut off.
  const done = ids.length === 0 && server !== undefined
    ? { problems: [] }
    : await carryOut(context, ids, { force, server });
  if (json) context.stdout.json({ dryRun, targets, purgedBefore, ...done }, 2);
  return reportPurged(context, done, { ids, quiet: quiet || json });
}

/** Refuses options that only --purge has. */
export function checkOnlyPurge(parsed: Parsed): void {
  for (const name of ["yes", "force", "dry-run"]) {
    if (flag(parsed, name)) throw new UsageError(`Cannot use --${name} here: it requires --purge`);
  }
}
