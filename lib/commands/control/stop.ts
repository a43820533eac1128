import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx stop`. */
export const OPTIONS = [
  {
    name: "grace",
    kind: "text",
    value: "TIME",
    help: "kill the command this long after SIGTERM: 60s",
    default: "--grace of dbx run, if any",
  },
  { name: "wait", kind: "flag", help: "wait until the run has ended" },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx stop`. */
export const command: Command<typeof OPTIONS> = {
  name: "stop",
  summary: "stop a run, on whichever machine it is running",
  usage: "[options] <run>",
  details:
    `Writes a request to the repository. The dbx run that records the run reads it there within two seconds, if it logs to the same
folder or server, and sends SIGTERM to its command. The command is killed after that, with all
processes that it has started, only with --grace, here or of dbx run.
The run acknowledges the request in its log dbx; --wait waits for the end. A server requires a token with the role control.`,
  examples: ["dbx stop 3f9a", "dbx stop 3f9a --grace 60s --repo http://lab:7070 --wait"],
  exitCodes: { 0: "the run was asked to stop, or is not running" },
  options: OPTIONS,
  positionals: { min: 1, max: 1, completes: ["running"] },
  servers: true,
  permissions: (_, environment) => ({ read: [environment.repo], write: [environment.repo] }),
};
