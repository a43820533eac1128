import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./pull.ts";
import { syncWith } from "./push_run.ts";

/** Brings this repository what the other one has. */
export function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  return syncWith(context, parsed, "push", "pull");
}
