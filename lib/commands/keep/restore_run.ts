import type { Context, Parsed } from "../../cli/command.ts";
import { mark } from "./rm_run.ts";

/** Brings deleted experiments back. */
export function run(context: Context, parsed: Parsed): Promise<number> {
  return mark(context, parsed, false);
}
