import { absolute } from "../../base/paths.ts";
import { isUrl } from "../../base/server_url.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { YAML_VARIABLES } from "../record/params/params_permissions.ts";
import { findPrograms, pathsOf } from "../../fs/find_program.ts";
import { KINDS } from "../../interop/kinds.ts";

/** The options of `dbx import`. */
export const OPTIONS = [
  {
    name: "kind",
    short: "k",
    kind: "text",
    value: "K",
    help: "the kind of all experiments; default: as the source says",
  },
  { name: "tag", short: "t", kind: "list", value: "T", help: "a tag for all experiments" },
  {
    name: "select",
    kind: "list",
    value: "GLOB",
    help: "only runs whose name, or id in the source, fits: 'sweep/*'",
  },
  { name: "follow", short: "f", kind: "flag", help: "go on as the source grows, until Ctrl-C" },
  { name: "dry-run", kind: "flag", help: "say what would be imported, and write nothing" },
  {
    name: "map",
    kind: "list",
    value: "K=COLUMN",
    help: "for tables: the column of step, ts, run, event or params.NAME",
  },
  { name: "param", short: "p", kind: "list", value: "NAME=V", help: "for tables: a param of all runs" },
  {
    name: "created",
    kind: "text",
    value: "TIME",
    help: "for tables: when runs began that do not say it; default: 1970",
  },
  {
    name: "python",
    kind: "text",
    value: "PROGRAM",
    help: "for aim: the Python that has the package aim; default: python3",
  },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** The Python that is looked for. */
export const PYTHON = "python3";

/** `dbx import`. */
export const command: Command<typeof OPTIONS> = {
  name: "import",
  summary: "bring in what other tools have recorded",
  usage: "[options] [KIND] PATH …",
  details:
    `Reads the files of another tool, and adds its runs to the repository, with all values in their types, files and times. KIND is one
of ${KINDS.join(", ")}; it can be left out where the files show it.

Nothing comes twice: ids follow from the source, so that a second import adds only what came since, and imports on two machines
are equal. An import that was interrupted continues when the same command is repeated. What cannot be read is reported with its
place, and everything else is imported; the exit code is 1 then. The source is never changed.

--follow looks at the source each second, so that runs of other programs can be watched while they write. Into a server, what is
imported goes by way of the spool, as with dbx run: all of it each time, and the server adds what it does not have.`,
  examples: [
    "dbx import runs/",
    "dbx import wandb wandb/ --tag thesis",
    "dbx import tensorboard runs/ --follow",
    "dbx import runs/ --select 'lr*' --dry-run",
    "dbx import aim . --python ~/aim-env/bin/python",
    "dbx import csv results.csv --map step=epoch --map run=name --param dataset=cifar10",
  ],
  exitCodes: { 1: "something could not be read, or the server refused it; everything else was imported" },
  options: OPTIONS,
  servers: true,
  seesEnvironment: true,
  positionals: { min: 1, max: Infinity, completes: ["file"] },
  permissions(parsed, environment) {
    const [first, ...more] = parsed.positionals;
    const paths = (KINDS as readonly string[]).includes(first) && more.length > 0 ? more : parsed.positionals;
    const sources = paths.flatMap((path) => withCompanions(absolute(path, environment.cwd)));
    const own = logPermissionPaths(environment);
    const set = {
      read: [...own, ...sources],
      write: own,
      env: YAML_VARIABLES,
      make: isUrl(environment.repo) || parsed.options["dry-run"] ? [] : own,
    };
    // Only Aim's databases need its package.
    if (first !== "aim" || paths !== more) return set;
    const programs = findPrograms([parsed.options.python ?? PYTHON], environment);
    return { ...set, env: [...YAML_VARIABLES, "NODE_V8_COVERAGE"], programs, run: pathsOf(programs) };
  },
};

/** A database has its log, and the files that it names, in the folder in which it stands; so has a run of W&B. */
function withCompanions(path: string): string[] {
  return /\.(?:db|sqlite3?|wandb)$/i.test(path) ? [path, absolute("..", path)] : [path];
}
