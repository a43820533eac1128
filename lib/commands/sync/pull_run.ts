import type { Context } from "../../cli/command.ts";
import type { Result } from "../../terminal/result.ts";
import type { SyncArgs } from "./push_and_sync_options.ts";
import { syncWith } from "./push_run.ts";

/** Brings this repository what the other one has. */
export function run(context: Context, parsed: SyncArgs): Promise<Result | number> {
  return syncWith(context, parsed, { direction: "push", way: "pull" });
}
