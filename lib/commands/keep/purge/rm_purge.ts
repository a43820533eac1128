import { UsageError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { isForPeople } from "../../../cli/print_options.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "../rm.ts";
import { carryOut } from "./carry_out.ts";
import { confirmPurge, printTargets, reportPurged } from "./confirm_purge.ts";
import { checkStill, targetsOf } from "./targets.ts";

/** `dbx rm --purge`. */
export async function purgeNamed(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const server = await context.server();
  const repository = await server?.snapshot(context.signal) ?? await context.repository();
  const { force, "dry-run": dryRun, yes } = parsed.options;
  const { targets, purgedBefore } = await targetsOf(repository, parsed.positionals, context.now);
  const forPeople = isForPeople(parsed.options);
  if (forPeople) {
    for (const id of purgedBefore) context.stdout.line(`${id} was purged before`);
    printTargets(context, targets, dryRun ? "would purge:" : "to purge:");
  }
  const ids = targets.map(({ id }) => id);
  if (dryRun) return recordResult({ dryRun, targets, purgedBefore });
  checkStill(targets, force);
  if (targets.length > 0 && !yes) await confirmPurge(context, targets.length);
  // Also where nothing is to go: another purge may have been cut off.
  const done = ids.length === 0 && server !== undefined
    ? { problems: [] }
    : await carryOut(context, ids, { force, server });
  const exitCode = reportPurged(context, done, { ids, quiet: !forPeople });
  return recordResult({ dryRun, targets, purgedBefore, ...done }, { exitCode });
}

/** Refuses options that only --purge has. */
export function checkOnlyPurge(parsed: Parsed<typeof OPTIONS>): void {
  for (const name of ["yes", "force", "dry-run"] as const) {
    if (parsed.options[name]) throw new UsageError(`Cannot use --${name} here: it requires --purge`);
  }
}
