import type { Context, Parsed } from "./command.ts";
import { mark } from "./rm_run.ts";

/** Brings deleted experiments back. */
export function run(context: Context, parsed: Parsed): Promise<number> {
  return mark(context, parsed, false);
}
