import type { Command, OptionSpec, Parsed, PermissionSet } from "../../cli/command.ts";
import { idFilePaths } from "./announce.ts";
import { paramsPermissions } from "./params/params_permissions.ts";
import { findPrograms, pathsOf } from "../../fs/find_program.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { list, text } from "../../cli/parse.ts";
import { pythonFolder } from "./child/python_folder.ts";
import { helpers, temporaryFolder } from "./child/helpers.ts";

/** What a command line can say of a new experiment. */
export const EXPERIMENT_OPTIONS: readonly OptionSpec[] = [
  {
    name: "kind",
    short: "k",
    kind: "text",
    value: "K",
    help: "the kind of experiment",
    default: "the script's, module's or program's name",
  },
  { name: "name", short: "n", kind: "text", value: "N", help: "a name; slashes make folders" },
  {
    name: "param",
    short: "p",
    kind: "list",
    value: "K=V",
    help: "a param, a.b=1 in nested ones; wins over --params and the command's flags",
  },
  {
    name: "params",
    kind: "text",
    value: "FILE",
    help: "params from a JSON, YAML or TOML file; win over the command's flags",
  },
  {
    name: "arg-params",
    kind: "flag",
    help: "take params from the command's words (--no-arg-params: do not)",
    default: "on",
  },
  { name: "tag", short: "t", kind: "list", value: "T", help: "a tag" },
];

/** What is redacted besides what dbx knows itself. */
export const REDACT_OPTION: OptionSpec = {
  name: "redact",
  kind: "list",
  value: "REGEX",
  help: "redact what this matches too, or its group named secret; may come again",
};

const WHY = [
  "sh runs beside the command: it keeps the command's output open if dbx dies, and tells which signals reached it already",
];
const WHY_PTY = "script gives the command its terminal";

/** `dbx run`. */
export const command: Command = {
  name: "run",
  summary: "run a command and record it as an experiment",
  usage: "[options] -- command …",
  details:
    `Records the command, its environment, its output and what it logs. The command's own words become params: --lr 0.1,
--layers 128 64 (a list), lr=0.1, and as "args" the words of no flag. Launchers before it (srun, torchrun, env, uv run, …)
are stepped over.

Events reach dbx in three ways: lines appended to the file $DBX_LOG, printed lines that are JSON objects with a string
"event", and numbers in printed text. Lines are known as they are printed by keras, Lightning, the Hugging Face Trainer,
xgboost, LightGBM, optuna, timm, YOLO, detectron2, fairseq, nanoGPT, tqdm and others; --scalars takes more. What was found on
stderr stands in the log printed_stderr. Lines in $DBX_LOG without a "ts" count as logged when they arrived. The child also
gets DBX_REPO, DBX_EXP, DBX_RUN, DBX_RUN_DIR.

What looks like a secret, by its name (DB_PASSWORD, --api-key) or its shape (ghp_…, https://user:password@…), is redacted in what is
recorded: environment, command, params, git's remote and diff, output. The command itself gets and prints everything as it is.
Events that the command writes to $DBX_LOG itself, and files, are kept as they are.

With a server's URL as the repository, events are written to this machine first, and sent as they come; a server that is
slow or down stops nothing. dbx stop ends the command from afar, as a signal does.

The exit code is the child's; 128 + the signal if one ended it; 127 if there is no such command.
Each signal reaches the child once: one that went to the whole process group (Ctrl-C, timeout, a scheduler) has reached it
already, any other is forwarded, and one that was ignored when dbx was started (nohup) stays ignored. dbx waits until the
child has ended, however long that takes; with --grace S it kills the child S seconds after it was asked to stop.
If dbx itself is killed, the child runs on, and another dbx goes on with the recording.

Python's stdout and stderr become line-buffered, by a start-up file on PYTHONPATH in the cache folder (--no-python-hook: not).`,
  examples: [
    "dbx run -- python train.py --lr 0.1",
    "dbx run --kind mnist --tag baseline --param seed=3 -- ./train.sh",
    "dbx run --params conf.yaml -p optim.lr=0.2 -- torchrun --nproc-per-node 8 train.py",
    'dbx run --resume-or-create "$SLURM_JOB_ID" -- srun python train.py     # a requeued job is a run of the same experiment',
    'dbx run --id-file ids -- python train.py; dbx show "$(cat ids)"',
    "dbx run --scalars auto -- python train.py     # also loss=0.3 in any printed line",
  ],
  options: [
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
      help:
        "give the command a terminal, for live bars and colours (needs util-linux' script; Ctrl-Z does not stop it)",
    },
    { name: "python-hook", kind: "flag", help: "make Python line-buffered (--no-python-hook: do not)", default: "on" },
    {
      name: "adopt",
      kind: "text",
      value: "RUN",
      help: "bring in output of a run that was left because dbx was killed; dbx check names such runs",
    },
    { name: "quiet", short: "q", kind: "flag", help: "say nothing but warnings" },
  ],
  servers: true,
  goesAhead: true,
  positionals: { min: 0, max: 0 },
  takesRest: true,
  handlesSignals: true,
  permissions(parsed, around): PermissionSet {
    const params = paramsPermissions(parsed, around);
    const adopted = text(parsed, "adopt");
    const places = adopted === undefined ? [temporaryFolder(around)] : adopted.startsWith("/") ? [adopted] : [];
    const hook = adopted === undefined && parsed.options["python-hook"] !== false
      ? pythonFolder(around.env)
      : undefined;
    if (hook !== undefined) places.push(hook);
    const read = [...logPermissionPaths(around), around.cwd, ...params.read, ...places];
    const idFile = idFilePaths(parsed, around.cwd) ?? [];
    const git = parsed.options.git === false ? undefined : "git";
    const names = adopted === undefined ? [parsed.rest[0], git, "nvidia-smi", ...helpers(parsed)] : [];
    const programs = findPrograms(names.filter((name) => name !== undefined), around);
    const loader = Object.keys(around.env).filter((name) => /^(LD_|DYLD_)/.test(name));
    const set = {
      read,
      write: [...logPermissionPaths(around), ...places, ...idFile],
      make: logPermissionPaths(around),
      programs,
      // The runtime looks at it whenever it starts a program.
      env: [...params.env ?? [], "NODE_V8_COVERAGE"],
      sys: ["hostname", "uid", "cpus", "loadavg", "systemMemoryInfo"],
      why: adopted === undefined ? [...WHY, ...parsed.options.pty === true ? [WHY_PTY] : []] : [],
    };
    if (adopted !== undefined) return { ...set, run: [] };
    if (loader.length === 0) return { ...set, run: pathsOf(programs) };
    set.why.push(
      `the runtime lets a program be started with ${
        loader.join(", ")
      } in the environment only under an unscoped run permission, so this command line may start any program`,
    );
    return { ...set, run: true };
  },
  load: () => import("./run_run.ts"),
};

/** All `--param` options as pairs. */
export function paramOptions(parsed: Parsed): [string, string | undefined][] {
  return pairOptions(parsed, "param");
}

/** All values of an option that are written `key=value`. */
export function pairOptions(parsed: Parsed, name: string): [string, string | undefined][] {
  return list(parsed, name).map((item) => {
    const at = item.indexOf("=");
    return at < 0 ? [item, undefined] : [item.slice(0, at), item.slice(at + 1)];
  });
}
