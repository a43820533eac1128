import type { Command, OptionSpec } from "../../cli/command.ts";

/** The options of `dbx tail`. */
export const OPTIONS = [
  { name: "follow", short: "f", kind: "flag", help: "print new events as they come" },
  { name: "forever", kind: "flag", help: "with -f: do not stop when the run ends" },
  { name: "log", kind: "text", value: "NAME", help: "only this log", default: "all except stdout, system and dbx" },
  { name: "stdout", kind: "flag", help: "lines of output instead of events" },
  { name: "lines", short: "n", kind: "count", value: "N", help: "how many to print first", default: "10" },
  { name: "jsonl", kind: "flag", help: "each event as a line of JSON" },
] as const satisfies readonly OptionSpec[];

/** `dbx tail`. */
export const command: Command<typeof OPTIONS> = {
  name: "tail",
  summary: "print the last events or lines of output, and follow them",
  usage: "[options] [id]",
  details:
    `Without an id, shows the newest run. With -f it follows every log of the run, also those that appear later, until the run ends
or until Ctrl-C; with --forever it continues after that. Of lines without a time of their own it shows when they
arrived, as dbx run noted it; with -f, lines that come later are printed at once, without a time. --stdout prints what the
run printed, unchanged.`,
  examples: ["dbx tail -f", "dbx tail 3f --stdout -n 100", "dbx tail -f 3f --jsonl | jq .loss"],
  options: OPTIONS,
  servers: true,
  endsAtOnce: true,
  positionals: { min: 0, max: 1, completes: ["experiment"] },
  permissions: (_, environment) => ({ read: [environment.repo] }),
};
