import type { Command, PermissionSet } from "../../cli/command.ts";
import { idFilePaths } from "./announce.ts";
import { OPTIONS } from "./run_options.ts";
import { foldersOfGlobs } from "./files/glob_folders.ts";
import { paramsPermissions } from "./params/params_permissions.ts";
import { findPrograms, isLoaderVariable, pathsOf } from "../../fs/find_program.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { pythonFolder } from "./child/python_folder.ts";
import { helpers, temporaryFolder } from "./child/helpers.ts";
import { absolute, isAbsolute } from "../../base/paths.ts";

const WHY = [
  "sh runs beside the command: it keeps the command's output open if dbx dies, and reports which signals have reached it",
];
const WHY_PTY = "script gives the command its terminal";

/** `dbx run`. */
export const command: Command<typeof OPTIONS> = {
  name: "run",
  summary: "run a command and record it as an experiment",
  usage: "[options] -- command …",
  details:
    `Records the command, its environment, its output and the events that it logs. The command's arguments become params: --lr 0.1,
--layers 128 64 (a list), lr=0.1, and as "args" those that belong to no flag. Launchers before it (srun, torchrun, env, uv run, …)
are skipped.

Events reach dbx in three ways: as lines appended to the file $DBX_LOG, as printed JSON objects with a string "event", and as
numbers in printed text. dbx knows the output of keras, Lightning, the Hugging Face Trainer, xgboost, LightGBM, optuna, timm, YOLO,
detectron2, fairseq, nanoGPT, tqdm and others; --scalars finds more. Numbers found on stderr go to the log printed_stderr. Lines
in $DBX_LOG without a "ts" get the time at which they arrived. The child also gets DBX_REPO, DBX_EXP, DBX_RUN and DBX_RUN_DIR.

What a Python script logs with wandb, mlflow, TensorBoard writers, trackio, swanlab, neptune, comet_ml, aim or Lightning's CSV logger
is recorded too, in a log with the name of the package; the package itself works as always. --capture chooses packages, --shim puts
a package in the place of one that is not installed or needs an account (lib/docs/capture.md).

Kept with the run are git's commit and uncommitted changes, files of code that git does not know (outside of git: the script and the
modules beside it), the versions of Python packages, and what the machine is: dbx checkout makes a folder of it all again.

What the command writes to the folder $DBX_FILES becomes a file of the run soon after it is closed, and at the end of the run; other
contents by the same name are a new version (of several within a second, maybe only the last). --keep does so with files elsewhere,
such as checkpoints: with --keep-last and --keep-best, all but the last and the best are marked as no longer kept, and the next dbx
gc removes them from the repository (never the command's own files). dbx files lists them, dbx get copies them back.

What looks like a secret, by its name (DB_PASSWORD, --api-key) or its shape (ghp_…, https://user:password@…), is redacted in what is
recorded: environment, command, params, git's remote and diff, code, output. The command itself receives and prints everything unchanged.
Events that the command writes to $DBX_LOG itself, and files, are stored unchanged.

With a server's URL as the repository, events are written to this machine first and sent from there; a slow or unreachable
server does not hold up the run. dbx stop ends the command remotely, like a signal.

Each signal reaches the child once: a signal to the whole process group (Ctrl-C, timeout, a scheduler) has reached it already,
any other is forwarded, and one that was ignored when dbx was started (nohup) stays ignored. dbx waits until the child has
ended, however long that takes; with --grace S it kills the child S seconds after it was asked to stop.
If dbx itself is killed, the child keeps running, and another dbx continues the recording.

Python's stdout and stderr become line-buffered, by a start-up file on PYTHONPATH in the cache folder, which records what packages log as well
(--no-python-hook disables both).`,
  examples: [
    "dbx run -- python train.py --lr 0.1",
    "dbx run --kind mnist --tag baseline --param seed=3 -- ./train.sh",
    "dbx run --params conf.yaml -p optim.lr=0.2 -- torchrun --nproc-per-node 8 train.py",
    'dbx run --resume-or-create "$SLURM_JOB_ID" -- srun python train.py     # a requeued job becomes a run of the same experiment',
    'dbx run --id-file ids -- python train.py; dbx show "$(cat ids)"',
    "dbx run --keep 'ckpt/*.pt' --keep-last 2 --keep-best val_loss:3 -- python train.py",
    "dbx run --shim wandb -- python train.py     # no account, no network: what it logs is in the run",
    "dbx run --scalars auto -- python train.py     # also loss=0.3 in any printed line",
  ],
  exitCodes: {
    0: "that of the command",
    1: "that of the command, or dbx failed",
    2: "that of the command, or the command line is wrong",
    75: "with --run-id: a run of that id exists already",
    126: "the command is not executable",
    127: "the command does not exist",
    "128+n": "signal n ended the command",
  },
  options: OPTIONS,
  servers: true,
  goesAhead: true,
  positionals: { min: 0, max: 0 },
  takesRest: true,
  handlesSignals: true,
  seesEnvironment: true,
  async permissions(parsed, environment): Promise<PermissionSet> {
    const params = paramsPermissions(parsed, environment);
    const adopted = parsed.options.adopt;
    const places = adopted === undefined ? [temporaryFolder(environment)] : isAbsolute(adopted) ? [adopted] : [];
    const hook = adopted === undefined && parsed.options["python-hook"] !== false
      ? pythonFolder(environment.env)
      : undefined;
    if (hook !== undefined) places.push(hook);
    const kept = [
      ...foldersOfGlobs(parsed.options.keep, environment.cwd),
      ...parsed.options.follow.map((path) => absolute(path, environment.cwd)),
    ];
    const read = [...logPermissionPaths(environment), environment.cwd, ...params.read, ...places, ...kept];
    const idFile = idFilePaths(parsed, environment.cwd) ?? [];
    const git = parsed.options.git === false ? undefined : "git";
    const program = parsed.rest[0];
    const names = adopted === undefined ? [program, git, "nvidia-smi", ...helpers(parsed)] : [];
    const programs = findPrograms(names.filter((name) => name !== undefined), environment);
    // Not loaded for the help and the completions.
    const found = adopted === undefined
      ? (await import("./surroundings/find.ts")).findSurroundings(parsed, programs[program]?.path, environment)
      : undefined;
    read.push(...found?.read ?? []);
    const loader = Object.keys(environment.env).filter(isLoaderVariable);
    const set = {
      read,
      write: [...logPermissionPaths(environment), ...places, ...idFile],
      make: logPermissionPaths(environment),
      programs,
      found: found?.found,
      // The runtime looks at it whenever it starts a program.
      env: [...params.env ?? [], "NODE_V8_COVERAGE"],
      sys: ["hostname", "uid", "cpus", "loadavg", "systemMemoryInfo", "osRelease"],
      why: adopted === undefined ? [...WHY, ...parsed.options.pty ? [WHY_PTY] : []] : [],
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
};
