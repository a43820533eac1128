import { UsageError } from "../../base/errors.ts";
import { derivedId } from "../../format/layout/derived_id.ts";
import type { Context } from "../../cli/command.ts";
import type { RunArgs } from "./run_options.ts";

/** The key of an experiment's definition that holds the name by which its jobs find it. */
export const RESUME_KEY = "resume";

/** The name under which this start finds or makes its experiment, from `--resume-or-create` or `DBX_RESUME`. */
export function resumeName(context: Pick<Context, "env">, parsed: RunArgs): string | undefined {
  const wanted = parsed.options["resume-or-create"];
  if (wanted === "") throw new UsageError("Cannot use --resume-or-create: the name is empty");
  if (parsed.options.exp !== undefined) {
    if (wanted === undefined) return undefined;
    throw new UsageError("Cannot use --exp with --resume-or-create: both select the experiment; use only one of them");
  }
  return wanted ?? (context.env.DBX_RESUME || undefined);
}

/**
 * The id of the experiment of a name in a repository: the same for all who ask, so that of several that make it at once
 * only one can.
 */
export function resumeId(repository: string, name: string): string {
  return derivedId(`dbx resume\n${repository}\n${name}`);
}
