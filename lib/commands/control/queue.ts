import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { Command, OptionSpec, Parsed } from "../../cli/command.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { paramsPermissions } from "../record/params/params_permissions.ts";
import { EXPERIMENT_OPTIONS, REDACT_OPTION } from "../record/run.ts";

const ACTIONS = ["add", "ls", "rm"] as const;

/** What a command line wants done with the queue. */
export function queueAction(parsed: Parsed): (typeof ACTIONS)[number] {
  const word = parsed.positionals[0] ?? "ls";
  const action = ACTIONS.find((action) => action === word);
  if (action !== undefined) return action;
  throw new UsageError(
    `Cannot do "${word}" with the queue: it must be one of ${ACTIONS.join(", ")}${didYouMean(word, ACTIONS)}`,
  );
}

/** What a start that is asked for can say. */
export const START_OPTIONS: readonly OptionSpec[] = [
  {
    name: "cwd",
    kind: "text",
    value: "DIR",
    help: "the working folder on the agent's machine; the agent must allow it",
    default: "the agent's",
  },
  {
    name: "env",
    short: "e",
    kind: "list",
    value: "K=V",
    help: "set an environment variable; the agent must allow its name",
  },
  {
    name: "agent",
    kind: "list",
    value: "NAME",
    help: "only this agent may take it; may be repeated",
    default: "any",
  },
  {
    ...REDACT_OPTION,
    help: "refuse a command in which this matches, because it would contain a secret; may be repeated",
  },
  {
    name: "allow-secrets",
    kind: "flag",
    help: "queue a command that seems to contain a secret: everyone who can read the repository can read it",
  },
  { name: "json", kind: "flag", help: "as JSON" },
];

/** `dbx queue`. */
export const command: Command = {
  name: "queue",
  summary: "manage the commands that wait for a dbx agent",
  usage: "[ls] | add [options] -- command … | rm ID …",
  details:
    `add creates an experiment, as dbx run would, and requests a run of it: the first dbx agent that allows the command starts it.
Every start runs at most once, however many agents there are. rm takes back a start that has not begun.
A server requires a token with the role control. A command that seems to contain a secret is refused, because the queue is stored
permanently.`,
  examples: [
    "dbx queue add --kind mnist --repo http://lab:7070 -- python train.py --lr 0.1",
    "dbx queue",
    "dbx queue rm 3f9a",
  ],
  options: [
    ...EXPERIMENT_OPTIONS,
    { name: "all", short: "a", kind: "flag", help: "with ls: include starts that have ended or were taken back" },
    ...START_OPTIONS,
  ],
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
  load: () => import("./queue_run.ts"),
};
