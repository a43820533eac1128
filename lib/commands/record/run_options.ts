import type { OptionSpec, Parsed } from "../../cli/command.ts";
import { CAPTURE_OPTIONS } from "./child/capture_options.ts";
import { KEEP_OPTIONS } from "./files/keep_options.ts";
import { EXPERIMENT_OPTIONS, REDACT_OPTION } from "./params/experiment_options.ts";

/** The options of `dbx run`. */
export const OPTIONS = [
  ...EXPERIMENT_OPTIONS,
  { name: "exp", kind: "text", value: "ID", help: "add a run to this experiment; refused if its params differ" },
  {
    name: "run-id",
    kind: "text",
    value: "ID",
    help: "with --exp: the id of the new run; exit code 75 if it exists already",
  },
  {
    name: "allow-changed-params",
    kind: "flag",
    help: "with --exp and --resume-or-create: allow params that differ from the experiment's; the run stores them",
  },
  {
    name: "resume-or-create",
    kind: "text",
    value: "NAME",
    help: "add a run to the experiment that the first start with this NAME created",
    default: "$DBX_RESUME",
  },
  { name: "id-file", kind: "text", value: "FILE", help: "write <experiment>/<run> to FILE once both exist" },
  {
    name: "jsonl",
    kind: "flag",
    help: "print a line of JSON on stderr at the start and at the end, instead of dbx's own lines",
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
  ...CAPTURE_OPTIONS,
  {
    name: "env",
    kind: "text",
    value: "none|all|allow:NAMES",
    help: "the variables to record, without secrets: none, all, or allow:NAMES, such as allow:default,DATA_*",
    default: "variables about the machine, the job and libraries",
  },
  REDACT_OPTION,
  { name: "git", kind: "flag", help: "record the state of git (--no-git: do not)", default: "on" },
  {
    name: "code",
    kind: "flag",
    help: "keep code that git does not know, or outside of git the script and modules beside it (--no-code: do not)",
    default: "on",
  },
  {
    name: "system-interval",
    kind: "number",
    value: "S",
    help: "seconds between samples of CPU, memory and GPUs; 0: none",
    default: "10",
  },
  ...KEEP_OPTIONS,
  {
    name: "follow",
    kind: "list",
    value: "DIR",
    help: "record what the command writes to TensorBoard and W&B files below DIR, while it does, in any language",
  },
  {
    name: "grace",
    kind: "number",
    value: "S",
    help: "kill the command, and what it has started, S seconds after it was asked to stop",
    default: "wait for it",
  },
  {
    name: "pty",
    kind: "flag",
    help: "give the command a terminal, for live bars and colours (needs util-linux' script; Ctrl-Z does not stop it)",
  },
  {
    name: "python-hook",
    kind: "flag",
    help: "make Python line-buffered, and record what its packages log (--no-python-hook: do not)",
    default: "on",
  },
  {
    name: "adopt",
    kind: "text",
    value: "RUN",
    help: "import output of a run that was left because dbx was killed; dbx check lists such runs",
  },
  { name: "quiet", short: "q", kind: "flag", help: "print only warnings" },
] as const satisfies readonly OptionSpec[];

/** A command line of `dbx run`. */
export type RunArgs = Parsed<typeof OPTIONS>;
