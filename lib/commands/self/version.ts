import type { Command, OptionSpec } from "../../cli/command.ts";

/** The options of `dbx version`. */
export const OPTIONS = [{
  name: "json",
  kind: "flag",
  help: "one JSON object: versions of dbx, the format, the runtime; the target",
}] as const satisfies readonly OptionSpec[];

/** `dbx version`. */
export const command: Command<typeof OPTIONS> = {
  name: "version",
  summary: "print the version",
  usage: "[--json]",
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  permissions: () => ({}),
  withoutRepository: () => true,
};
