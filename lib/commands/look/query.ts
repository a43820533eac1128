import type { Command, OptionSpec } from "../../cli/command.ts";
import { FILTER_OPTIONS } from "./experiment_filter.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { absolute } from "../../base/paths.ts";

/** The options of `dbx query`. */
export const OPTIONS = [
  ...FILTER_OPTIONS,
  { name: "cols", short: "c", kind: "text", value: "A,B", help: "the columns", default: "id, name, kind, status" },
  { name: "sort", short: "s", kind: "text", value: "[-]COL", help: "sort by a column; a leading - reverses the order" },
  { name: "limit", short: "n", kind: "count", value: "N", help: "at most N rows" },
  { name: "sql", kind: "flag", help: "print the SQL instead of the rows" },
  ...LIST_OPTIONS,
  { name: "output", short: "o", kind: "text", value: "FILE", help: "write to FILE instead, replacing it" },
  { name: "param", short: "p", kind: "list", value: "NAME=VALUE", help: "the value of :NAME" },
  { name: "all", short: "a", kind: "flag", help: "include deleted experiments" },
  {
    name: "live",
    kind: "flag",
    help: "keep running and print the answer again whenever it changes; with --format jsonl, then only the changes",
  },
  { name: "explain", kind: "flag", help: "print what was read and how the query runs, instead of the rows" },
] as const satisfies readonly OptionSpec[];

/** `dbx query`. */
export const command: Command<typeof OPTIONS> = {
  name: "query",
  summary: "query experiments in SQL",
  usage: "[options] [sql]",
  details:
    `Takes any SELECT in SQLite's dialect over the tables experiments, runs, logs, metrics, points, events, files and notes; dbx
schema lists their columns. The parts of params, meta, env, git and data are columns too: params.lr, data.loss, git.commit; quote a
part with other characters, params."weight-decay". NaN counts as NULL in computations.

Without SQL, --where, --kind, --tag, --cols, --sort and so on select experiments. Columns are those of experiments, also age,
created, duration, host, command, lost; and first:, last:, min:, max:, mean: or count: of a series, over all runs. A time
compares with '2026-01-31', a duration with '2h', and tags = "x" means: has the tag. --sql prints the SQL.

Besides SQLite's functions, there are the aggregates median, percentile, stddev, stddev_pop, variance and variance_pop, and
has_tag(tags, 'x') and fits(name, 'a/*'). Types are SQLite's: a number without a fraction is an INTEGER. In JSON, the second
of two columns with the same name is called name_1.

--live shows the answer again whenever it changes, until Ctrl-C: in place on a terminal; as jsonl, first a line
{"columns":…,"rows":…}, then lines {"changes":[{"at":…,"removed":…,"rows":…}]}. With several --repo, all of them are queried
together; the column repo names the repository.`,
  examples: [
    "dbx query --where 'params.lr < 0.1 and status = \"finished\"' --cols id,params.lr,min:loss --sort min:loss --limit 10",
    "dbx query 'SELECT id, params.lr, min(value) FROM points JOIN experiments USING (exp) WHERE key = '\\''loss'\\'' GROUP BY 1'",
    "dbx query 'SELECT * FROM metrics WHERE key = :key' --param key=loss --format csv",
  ],
  endsAtOnce: true,
  options: OPTIONS,
  pages: ({ options }) => !options.live,
  servers: true,
  positionals: { min: 0, max: 1 },
  severalRepositories: true,
  permissions: (parsed, environment) => {
    const output = parsed.options.output;
    const file = output === undefined ? [] : [absolute(output, environment.cwd)];
    return sourcePermissions(environment, file);
  },
};
