import type { Context, Parsed } from "../../cli/command.ts";
import type { Result } from "../../terminal/result.ts";
import type { OPTIONS } from "./restore.ts";
import { setDeleted } from "./rm_run.ts";

/** Brings deleted experiments back. */
export function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  return setDeleted(context, parsed, false);
}
