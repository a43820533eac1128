import type { Command } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx version`. */
export const OPTIONS = REPORT_OPTIONS;

/** `dbx version`. */
export const command: Command<typeof OPTIONS> = {
  name: "version",
  summary: "print the version",
  usage: "[options]",
  details: "As JSON: the versions of dbx, of the format and of the runtime, and the target.",
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  permissions: () => ({}),
  withoutRepository: () => true,
};
