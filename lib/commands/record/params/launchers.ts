/** How a program that starts another one is stepped over. Names of options are written without their hyphens, `_` as `-`. */
export interface Launcher {
  /** The program's name, with the words that follow it where only those make it a launcher: `conda run`. */
  readonly name: string;
  /** Options that take the next word as their value. */
  readonly valued?: string;
  /** Options that take the next two words. */
  readonly valuedTwice?: string;
  /** Words between its options and the command: `timeout 60 command`. */
  readonly operands?: number;
  /** Whether `NAME=value` may stand before the command. */
  readonly assignments?: boolean;
  /** Whether the command is a Python script (or a module, after one of `module`), not a program. */
  readonly python?: boolean;
  /** Whether options that are not known take a value where the next word could be one. */
  readonly guesses?: boolean;
}

const TORCHRUN = "nproc-per-node nnodes node-rank rdzv-backend rdzv-endpoint rdzv-id rdzv-conf max-restarts " +
  "monitor-interval start-method role log-dir r redirects t tee local-ranks-filter master-addr master-port local-addr " +
  "logs-specs event-log-handler";
const MPIRUN =
  "n np c H host x hostfile machinefile map-by bind-to rank-by N npernode npersocket wdir wd env genv ppn f";
const CONTAINER =
  "B bind e env w workdir W H home pwd overlay network security add-caps drop-caps scratch app hostname " +
  "env-file mount";
const DOCKER =
  "a attach c cpu-shares cpus cpuset-cpus device e env env-file entrypoint gpus group-add h hostname ip ipc " +
  "l label link log-driver log-opt m memory memory-swap mount name network net p publish pid platform pull restart runtime " +
  "shm-size stop-signal stop-timeout tmpfs u user ulimit userns uts v volume volumes-from w workdir add-host cap-add " +
  "cap-drop security-opt";

/** Programs that start the training. A newcomer adds one here, and a case in `tests/data/params/`. */
export const LAUNCHERS: readonly Launcher[] = [
  { name: "env", valued: "u unset C chdir", assignments: true },
  { name: "nice", valued: "n adjustment" },
  { name: "ionice", valued: "c class n classdata" },
  { name: "chrt", valued: "T sched-runtime P sched-period D sched-deadline", operands: 1 },
  { name: "taskset", operands: 1 },
  { name: "numactl", valued: "i interleave N cpunodebind C physcpubind m membind p preferred" },
  { name: "nohup" },
  { name: "setsid" },
  { name: "exec" },
  { name: "stdbuf", valued: "i input o output e error" },
  { name: "unbuffer" },
  { name: "time", valued: "f format o output" },
  { name: "timeout", valued: "k kill-after s signal", operands: 1 },
  { name: "flock", valued: "w wait timeout E conflict-exit-code", operands: 1 },
  { name: "sudo", valued: "u user g group h host p prompt C D chdir R chroot T", assignments: true },
  { name: "strace", valued: "o output e expr E env p attach P trace-path s string-limit u user" },
  { name: "xvfb-run", valued: "n server-num s server-args e error-file f auth-file p xauth-protocol w wait" },
  {
    name: "srun",
    valued:
      "n ntasks N nodes c cpus-per-task p partition t time J job-name w nodelist x exclude G gpus A account o output e " +
      "error i input D chdir q qos C constraint d dependency L licenses M clusters m distribution r relative T threads W wait " +
      "mem mem-per-cpu mem-per-gpu gres ntasks-per-node gpus-per-node gpus-per-task cpu-bind gpu-bind mpi export jobid " +
      "container-image container-mounts container-workdir",
  },
  { name: "mpirun", valued: MPIRUN, valuedTwice: "mca" },
  { name: "mpiexec", valued: MPIRUN, valuedTwice: "mca" },
  { name: "orterun", valued: MPIRUN, valuedTwice: "mca" },
  {
    name: "horovodrun",
    valued: "np p H hosts hostfile min-np max-np host-discovery-script network-interface log-level",
  },
  { name: "torchrun", valued: TORCHRUN, python: true },
  { name: "torch.distributed.run", valued: TORCHRUN, python: true },
  { name: "torch.distributed.launch", valued: TORCHRUN, python: true },
  { name: "accelerate launch", guesses: true, python: true },
  { name: "accelerate-launch", guesses: true, python: true },
  { name: "accelerate.commands.launch", guesses: true, python: true },
  {
    name: "deepspeed",
    valued:
      "num-gpus num-nodes H hostfile i include e exclude master-port master-addr node-rank launcher launcher-args " +
      "ssh-port autotuning save-pid elastic-training bind-core-list",
    python: true,
  },
  { name: "coverage run", valued: "omit include source rcfile context concurrency data-file", python: true },
  {
    name: "nsys profile",
    valued: "o output t trace s sample c capture-range w show-output e env-var y delay d duration",
  },
  { name: "ncu", valued: "o export k kernel-name c launch-count s launch-skip set section metrics" },
  { name: "py-spy record", valued: "o output f format d duration r rate" },
  { name: "conda run", valued: "n name p prefix cwd" },
  { name: "mamba run", valued: "n name p prefix cwd" },
  { name: "micromamba run", valued: "n name p prefix cwd r root-prefix e env a attach" },
  {
    name: "uv run",
    valued:
      "p python with with-editable with-requirements extra no-extra group no-group only-group env-file directory " +
      "project package index default-index index-url i extra-index-url f find-links config-file cache-dir refresh-package",
  },
  { name: "poetry run", valued: "C directory P project" },
  { name: "pipenv run" },
  { name: "pdm run", valued: "p project" },
  { name: "hatch run" },
  { name: "rye run" },
  { name: "pixi run", valued: "e environment manifest-path" },
  { name: "pixi exec", valued: "s spec c channel" },
  { name: "singularity exec", valued: CONTAINER, operands: 1 },
  { name: "singularity run", valued: CONTAINER, operands: 1 },
  { name: "apptainer exec", valued: CONTAINER, operands: 1 },
  { name: "apptainer run", valued: CONTAINER, operands: 1 },
  { name: "docker run", valued: DOCKER, operands: 1 },
  { name: "docker exec", valued: "e env env-file u user w workdir detach-keys", operands: 1 },
  { name: "podman run", valued: DOCKER, operands: 1 },
  { name: "podman exec", valued: "e env env-file u user w workdir detach-keys", operands: 1 },
];

/** How an interpreter's own words are distinguished from the script's. */
export interface Interpreter {
  readonly name: RegExp;
  /** Options that take the next word as their value. */
  readonly valued?: string;
  /** Options after which code stands instead of a script. */
  readonly code?: string;
  /** Options after which a module stands. */
  readonly module?: string;
  /** A word between the interpreter and its options: `deno run`. */
  readonly verb?: string;
  /** Whether that code is a command line of a POSIX shell. */
  readonly shell?: boolean;
}

/** Programs that run a script. */
export const INTERPRETERS: readonly Interpreter[] = [
  { name: /^(python|pypy)[\d.]*t?$/, valued: "W X check-hash-based-pycs", code: "c", module: "m" },
  { name: /^(sh|bash|zsh|dash|ksh|fish)$/, valued: "o O rcfile init-file", code: "c", shell: true },
  { name: /^deno$/, valued: "config c import-map lock seed cert", verb: "run" },
  { name: /^(node|nodejs)$/, valued: "r require import loader env-file", code: "e p eval print" },
  { name: /^bun$/, valued: "r preload env-file", code: "e eval", verb: "run" },
  { name: /^perl[\d.]*$/, valued: "I", code: "e E" },
  { name: /^ruby[\d.]*$/, valued: "I r", code: "e" },
  { name: /^Rscript$/, code: "e" },
  { name: /^julia$/, valued: "p procs t threads J sysimage L load C", code: "e E eval print" },
  { name: /^(lua|luajit)[\d.]*$/, valued: "l", code: "e" },
];
