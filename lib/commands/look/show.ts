import type { Command, OptionSpec } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx show`. */
export const OPTIONS = [
  {
    name: "plot",
    kind: "list",
    value: "SERIES",
    help: "plot these series: a key, its last part, or a glob",
  },
  { name: "lines", short: "n", kind: "count", value: "N", help: "lines of output to show", default: "10" },
  { name: "system", kind: "flag", help: "also print the series of the machine: load, memory, GPUs" },
  ...REPORT_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx show`. */
export const command: Command<typeof OPTIONS> = {
  name: "show",
  summary: "show an experiment or a run",
  usage: "[options] <id>",
  details:
    "Shows the definition, the runs, and for one run (the latest, or the one named) its series, files and last lines of output. A prefix of an id is enough.",
  examples: ["dbx show 3f", "dbx show 3f --plot '*loss'"],
  endsAtOnce: true,
  options: OPTIONS,
  pages: () => true,
  servers: true,
  positionals: { min: 1, max: 1, completes: ["experiment"] },
  permissions: (_, environment) => ({ read: [environment.repo] }),
};
