import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { Command, OptionSpec, Parsed } from "../../cli/command.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { paramsPermissions } from "../record/params/params_permissions.ts";
import { EXPERIMENT_OPTIONS, REDACT_OPTION } from "../record/params/experiment_options.ts";

const ACTIONS = ["add", "ls", "rm"] as const;

/** What a command line wants done with the queue. */
export function queueAction(parsed: Parsed): (typeof ACTIONS)[number] {
  const word = parsed.positionals[0] ?? "ls";
  const action = ACTIONS.find((action) => action === word);
  if (action !== undefined) return action;
  throw new UsageError(
    `Cannot do "${word}" with the queue: it is one of ${ACTIONS.join(", ")}${didYouMean(word, ACTIONS)}`,
  );
}

/** The options of `dbx queue`. */
export const OPTIONS = [
  ...EXPERIMENT_OPTIONS,
  { name: "all", short: "a", kind: "flag", help: "with ls: those too that have ended or were taken back" },
  ...START_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx queue`. */
export const command: Command<typeof OPTIONS> = {
  name: "queue",
  summary: "commands that wait for a dbx agent",
  usage: "[ls] | add [options] -- command … | rm ID …",
  details:
    `add makes an experiment, as dbx run would, and asks for a run of it: the first dbx agent whose owner allowed such a command
starts it. Every start happens once at most, however many agents there are. rm takes one back that has not begun.
A server asks for a token with the role control. A command that seems to hold a secret is refused: what waits here is kept for good.`,
  examples: [
    "dbx queue add --kind mnist --repo http://lab:7070 -- python train.py --lr 0.1",
    "dbx queue",
    "dbx queue rm 3f9a",
  ],
  options: OPTIONS,
  actions: ACTIONS,
  positionals: { min: 0, max: Infinity },
  servers: true,
  takesRest: true,
  permissions: (parsed, around) => {
    const params = paramsPermissions(parsed, around);
    const paths = [around.repo, ...logPermissionPaths(around)];
    const action = queueAction(parsed);
    return {
      ...params,
      read: [...paths, ...params.read],
      write: action === "ls" ? [] : paths,
      make: action === "add" ? logPermissionPaths(around) : [],
    };
  },
};
