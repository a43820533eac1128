import type { OptionSpec } from "../../cli/command.ts";
import { RECORD_OPTIONS } from "../../cli/print_options.ts";
import { REDACT_OPTION } from "../record/params/experiment_options.ts";

/** What a start that is asked for can say. */
export const START_OPTIONS = [
  {
    name: "cwd",
    kind: "text",
    value: "DIR",
    help: "the working folder there; the agent must allow it",
    default: "the agent's",
  },
  {
    name: "env",
    short: "e",
    kind: "list",
    value: "K=V",
    help: "a variable of its environment; the agent must allow the name",
  },
  {
    name: "agent",
    kind: "list",
    value: "NAME",
    help: "only this agent may take it; may come again",
    default: "any",
  },
  {
    ...REDACT_OPTION,
    help: "refuse a command in which this matches, as it would hold a secret; may come again",
  },
  {
    name: "allow-secrets",
    kind: "flag",
    help: "queue a command that seems to hold a secret: everybody who reads the repository can read it",
  },
  ...RECORD_OPTIONS,
] as const satisfies readonly OptionSpec[];
