import type { Context, Parsed } from "../../cli/command.ts";
import { setDeleted } from "./rm_run.ts";

/** Brings deleted experiments back. */
export function run(context: Context, parsed: Parsed): Promise<number> {
  return setDeleted(context, parsed, false);
}
