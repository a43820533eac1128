import { isUrl } from "../../base/server_url.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { FILTER_OPTIONS } from "./experiment_filter.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** The options of `dbx ls`. */
export const OPTIONS = [
  {
    name: "cols",
    short: "c",
    kind: "text",
    value: "A,B",
    help: "the columns",
    default:
      "id, name, kind, status, deleted with --all, lost if events were lost, age, duration, and the params that differ",
  },
  {
    name: "sort",
    short: "s",
    kind: "text",
    value: "[-]COL",
    help: "sort by a column; a leading - reverses the order",
    default: "-created",
  },
  ...FILTER_OPTIONS,
  {
    name: "limit",
    short: "n",
    kind: "count",
    value: "N",
    help: "at most N experiments; 0: all",
    default: "20 on a terminal, else all",
  },
  { name: "all", short: "a", kind: "flag", help: "include deleted experiments" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx ls`. */
export const command: Command<typeof OPTIONS> = {
  name: "ls",
  summary: "list experiments",
  usage: "[options]",
  details:
    `Columns: id, name, kind, status, lost (events that its runs failed to record), age, created, duration, runs, tags, note, deleted
(0 or 1), host, command; params.<name>, git.<name>, meta.<name> for custom keys of the definition; and first:, last:, min:, max:, mean: or
count: of a series, over all runs; the series is named by its whole key, its last part, or a glob (last:val_loss). In --where
a time compares with '2026-01-31', a duration with '2h', and tags = "x" means: has the tag.`,
  examples: ["dbx ls --cols id,params.lr,min:val_loss --sort min:val_loss", "dbx ls --status running --json"],
  endsAtOnce: true,
  options: OPTIONS,
  pages: () => true,
  servers: true,
  positionals: { min: 0, max: 0 },
  // A server lists by itself.
  permissions: (_, environment) => isUrl(environment.repo) ? {} : sourcePermissions(environment),
};
