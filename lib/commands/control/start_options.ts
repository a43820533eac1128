import type { OptionSpec } from "../../cli/command.ts";
import { CHANGE_OPTIONS } from "../../cli/print_options.ts";
import { REDACT_OPTION } from "../record/params/experiment_options.ts";

/** What a start that is asked for can say. */
export const START_OPTIONS = [
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
    help: "only this agent may take it",
    default: "any",
  },
  {
    ...REDACT_OPTION,
    help: "refuse a command in which this matches, because it would contain a secret",
  },
  {
    name: "allow-secrets",
    kind: "flag",
    help: "queue a command that seems to contain a secret: everyone who can read the repository can read it",
  },
  ...CHANGE_OPTIONS,
] as const satisfies readonly OptionSpec[];
