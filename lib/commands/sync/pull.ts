import type { Command } from "../../cli/command.ts";
import { pairPermissions } from "./push.ts";
import { SYNC_EXIT_CODES, SYNC_OPTIONS } from "./push_and_sync_options.ts";

/** `dbx pull`. */
export const command: Command<typeof SYNC_OPTIONS> = {
  name: "pull",
  summary: "fetch what this repository lacks",
  usage: "[options] [REMOTE|LOCATION]",
  details: "The same as dbx push in the other direction: see dbx push --help for locations and errors.",
  examples: ["dbx pull", "dbx pull user@gpu:output --watch", "dbx pull --since 7d --no-objects"],
  exitCodes: SYNC_EXIT_CODES,
  options: SYNC_OPTIONS,
  positionals: { min: 0, max: 1, completes: ["remote"] },
  permissions: (parsed, environment) => pairPermissions(parsed, environment, "pull"),
};
