import type { Command, OptionSpec } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx diff`. */
export const OPTIONS = [
  { name: "all", short: "a", kind: "flag", help: "also what is the same in all of them, and --system" },
  {
    name: "only",
    kind: "list",
    value: "PART",
    choices: ["experiment", "params", "meta", "code", "machine", "python", "packages", "environment", "metrics"],
    help: "only this part",
  },
  { name: "system", kind: "flag", help: "also the series of the machine: load, memory, GPUs" },
  { name: "patch", kind: "flag", help: "also the uncommitted changes of each, where they differ" },
  ...REPORT_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx diff`. */
export const command: Command<typeof OPTIONS> = {
  name: "diff",
  summary: "compare experiments or runs",
  usage: "[options] <id> <id> …",
  details:
    `Shows side by side in what experiments or runs differ: params, custom keys, code (commit, branch, changed files), machine, Python
packages, environment, and of each series the first, the last and the best value. Where one has come further than another, the
values at the last step that all have are compared too. What an experiment ran with is that of its newest run; its metrics are
those of all of its runs. Name a run by its own id to compare that alone. The best value is the least or the greatest by
the name of the series (loss, acc), or both where the name does not say.`,
  examples: ["dbx diff 3f 8a", "dbx diff 3f 8a b1 --only params --only metrics", "dbx diff 3f 8a --all --json"],
  endsAtOnce: true,
  options: OPTIONS,
  pages: () => true,
  servers: true,
  positionals: { min: 2, max: Infinity, completes: ["experiment"] },
  permissions: (_, environment) => sourcePermissions(environment),
};
