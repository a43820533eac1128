import { newId } from "../../base/ids.ts";
import { absolute } from "../../base/paths.ts";
import { findPrograms, pathsOf } from "../../fs/find_program.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx checkout`. */
export const OPTIONS = [
  {
    name: "from",
    kind: "text",
    value: "PATH|URL",
    help: "a git repository that has the commit",
    default: "the one around the working folder, or where the run was",
  },
  { name: "worktree", kind: "flag", help: "add a working tree to that repository, instead of a clone of it" },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx checkout`. */
export const command: Command<typeof OPTIONS> = {
  name: "checkout",
  summary: "make a folder with the code of a run, and say how to run it again",
  usage: "[options] ID DIR",
  details:
    `Makes DIR as the working tree was when the run began: the commit, the uncommitted changes, and the files of code that git did not
know, as dbx run kept them. DIR must be missing or empty; it appears when all is in it. Without git, DIR gets the script and the
modules that were kept.

The commit comes from a git repository of this machine. Where there is none that has it, name one: --from takes a path or a URL.
dbx contacts no address by itself that stands in a run's record. What was redacted is not there again: it is reported, and where the
changes do not apply for that reason, they are left beside the commit as uncommitted.diff.`,
  examples: [
    "dbx checkout 3f ../as-of-3f",
    "dbx checkout 3f /tmp/3f --from git@github.com:me/project.git",
    "dbx checkout 3f9a/7kq2 ../again --worktree",
  ],
  exitCodes: { 1: "the code is not there, or the changes do not apply" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 2, max: 2 },
  permissions(parsed, environment) {
    const folder = absolute(parsed.positionals[1], environment.cwd);
    const temporary = `${folder}.dbx-${newId()}`;
    const programs = findPrograms(["git"], environment);
    const set = sourcePermissions(environment, [folder, temporary]);
    return {
      ...set,
      read: [...set.read as readonly string[], folder, temporary],
      make: [...set.make ?? [], parsed.options.worktree ? folder : temporary],
      run: pathsOf(programs),
      programs,
      sys: ["hostname"],
      found: { temporary },
    };
  },
};
