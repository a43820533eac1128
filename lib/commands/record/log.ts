import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { REDACT_OPTION } from "./params/experiment_options.ts";

/** The options of `dbx log`. */
export const OPTIONS = [
  { name: "kind", short: "k", kind: "text", value: "K", help: "the kind of a new experiment", default: "log" },
  { name: "name", kind: "text", value: "N", help: "the name of a new experiment" },
  { name: "param", short: "p", kind: "list", value: "K=V", help: "a param of a new experiment" },
  { name: "exp", kind: "text", value: "ID", help: "add to this experiment" },
  { name: "tag", short: "t", kind: "list", value: "T", help: "a tag" },
  REDACT_OPTION,
  { name: "tee", kind: "flag", help: "pass stdin on to stdout" },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx log`. */
export const command: Command<typeof OPTIONS> = {
  name: "log",
  summary: "append events from arguments or from lines on stdin",
  usage: "[options] [EVENT key=value …]",
  details:
    `With an EVENT, logs that event; nan, inf and -inf are numbers in its data. Otherwise reads stdin: lines that are JSON objects become events (named by "event", else "log"),
other lines are recorded as output; secrets are redacted, as by dbx run. Creates a new experiment unless --exp names one; its run
ends with the input. An EVENT that is added to an experiment with --exp leaves its status, and what dbx show shows of its runs, as they
are.`,
  examples: [
    "python train.py | dbx log --name mnist --tee",
    "dbx log --exp 3f eval acc=0.93 split=test",
  ],
  exitCodes: { 1: "the command failed, some events could not be stored, or the server refused them" },
  options: OPTIONS,
  servers: true,
  goesAhead: true,
  positionals: { min: 0, max: Infinity },
  permissions: (_, environment) => ({
    read: logPermissionPaths(environment),
    write: logPermissionPaths(environment),
    make: logPermissionPaths(environment),
    sys: ["hostname"],
  }),
};
