import type { OptionSpec, Parsed } from "../../cli/command.ts";
import { EXPERIMENT_OPTIONS, REDACT_OPTION } from "./params/experiment_options.ts";

/** The options of `dbx run`. */
export const OPTIONS = [
  ...EXPERIMENT_OPTIONS,
  { name: "exp", kind: "text", value: "ID", help: "a new run of this experiment; refused where its params differ" },
  {
    name: "run-id",
    kind: "text",
    value: "ID",
    help: "with --exp: the id of the new run; exit code 75 where there is one",
  },
  {
    name: "allow-changed-params",
    kind: "flag",
    help: "with --exp and --resume-or-create: let params differ from the experiment's; the run keeps those that do",
  },
  {
    name: "resume-or-create",
    kind: "text",
    value: "NAME",
    help: "a new run of the experiment that an earlier start with this NAME made; the first start makes it",
    default: "$DBX_RESUME",
  },
  { name: "id-file", kind: "text", value: "FILE", help: "write <experiment>/<run> to FILE once both are made" },
  {
    name: "json",
    kind: "flag",
    help: "on stderr, instead of dbx's own lines: a JSON object at the start and at the end",
  },
  { name: "extra", kind: "list", value: "K=V", help: "a key of the run's definition" },
  { name: "note", kind: "list", value: "TEXT", help: "a note" },
  {
    name: "scalars",
    kind: "text",
    value: "auto|REGEX",
    help: "take numbers from any printed line: name=1.5 and name: 1.5, or the named groups of a regex",
    default: "lines in known formats",
  },
  { name: "no-scalars", kind: "flag", help: "take no numbers from printed lines" },
  {
    name: "env",
    kind: "text",
    value: "none|all|allow:NAMES",
    help: "the variables to keep, without secrets: none, all, or allow:NAMES, such as allow:default,DATA_*",
    default: "what tells of the machine, the job and libraries",
  },
  REDACT_OPTION,
  { name: "git", kind: "flag", help: "keep the state of git (--no-git: do not)", default: "on" },
  {
    name: "system-interval",
    kind: "number",
    value: "S",
    help: "seconds between samples of CPU, memory and GPUs; 0: none",
    default: "10",
  },
  {
    name: "grace",
    kind: "number",
    value: "S",
    help: "kill the command S seconds after it was asked to stop",
    default: "wait for it",
  },
  {
    name: "pty",
    kind: "flag",
    help: "give the command a terminal, for live bars and colours (needs util-linux' script; Ctrl-Z does not stop it)",
  },
  { name: "python-hook", kind: "flag", help: "make Python line-buffered (--no-python-hook: do not)", default: "on" },
  {
    name: "adopt",
    kind: "text",
    value: "RUN",
    help: "bring in output of a run that was left because dbx was killed; dbx check names such runs",
  },
  { name: "quiet", short: "q", kind: "flag", help: "say nothing but warnings" },
] as const satisfies readonly OptionSpec[];

/** A command line of `dbx run`. */
export type RunArgs = Parsed<typeof OPTIONS>;
