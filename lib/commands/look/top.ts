import { isUrl } from "../../base/server_url.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { FILTER_OPTIONS } from "./experiment_filter.ts";

/** The options of `dbx top`. */
export const OPTIONS = [
  ...FILTER_OPTIONS.filter(({ name }) => name !== "run"),
  { name: "cols", short: "c", kind: "text", value: "A,B", help: "columns to show besides: min:loss,params.lr" },
  {
    name: "sort",
    short: "s",
    kind: "text",
    value: "[-]COL",
    help: "sort by a column; a leading - reverses the order",
    default: "-created",
  },
  { name: "series", kind: "text", value: "KEY", help: "the series in the list", default: "a loss, if there is one" },
  { name: "read-only", kind: "flag", help: "leave out the keys that tag, note and stop" },
  { name: "once", kind: "flag", help: "print the list once, as in a pipe" },
  { name: "limit", short: "n", kind: "count", value: "N", positive: true, help: "with --once: at most N experiments" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx top`. */
export const command: Command<typeof OPTIONS> = {
  name: "top",
  summary: "watch runs full screen: charts, progress, output; tag, note and stop them",
  usage: "[options]",
  details:
    `Shows the runs of a repository, or of several with --repo, in folders and behind servers, and follows them: status, progress and
time left, CPU and GPU, a grid of charts of the chosen or marked runs, params and environment, and what they print. The key ? lists
all keys; the mouse works too. dbx ui is the same.

Progress comes from params such as epochs or max_steps and the epochs or steps logged so far, else from progress bars that
were printed. It only reads. Keys that tag, note or stop run dbx tag, dbx note and dbx stop, each with the permissions of its own;
--read-only leaves them out. In a pipe, with --once, or with --json, it prints the list once.`,
  examples: [
    "dbx top",
    "dbx top --repo . --repo http://lab:7070",
    `dbx top --where 'status = "running"' --cols params.lr,min:val_loss`,
    "dbx top --json",
  ],
  endsAtOnce: true,
  usesScreen: true,
  mayRun: ["tag", "note", "stop"],
  options: OPTIONS,
  servers: true,
  severalRepositories: true,
  positionals: { min: 0, max: 0 },
  permissions: (_, environment) => {
    const repos = environment.repos.filter((repo) => !isUrl(repo));
    return repos.length === 0 ? {} : sourcePermissions({ ...environment, repos });
  },
};
