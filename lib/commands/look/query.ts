import type { Command } from "../../cli/command.ts";
import { FILTER_OPTIONS } from "./experiment_filter.ts";
import { text } from "../../cli/parse.ts";
import { FORMAT_OPTIONS } from "./view/row_format.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";

/** `dbx query`. */
export const command: Command = {
  name: "query",
  summary: "ask in SQL",
  usage: "[options] [sql]",
  details:
    `Any SELECT of SQLite over the tables experiments, runs, logs, metrics, points, events, files and notes; dbx schema lists
their columns. The parts of params, meta, env, git and data are columns too: params.lr, data.loss, git.commit; a part with
other characters goes in quotes, params."weight-decay". NaN is NULL where it is computed with.

Without SQL: --where, --kind, --tag, --cols, --sort and so on ask for experiments. Columns are those of experiments, also age,
created, duration, host, command, lost; and first:, last:, min:, max:, mean: or count: of a series, over all runs. A time
compares with '2026-01-31', a length of time with '2h', and tags = "x" means: has the tag. --sql prints the SQL.

Besides SQLite's functions there are the aggregates median, percentile, stddev, stddev_pop, variance and variance_pop, and
has_tag(tags, 'x') and fits(name, 'a/*'). Types are SQLite's: a number without a fraction is an INTEGER. Of two columns of
one name the second is name_1 in JSON.

--live shows the answer again whenever it changes, until Ctrl-C: on a terminal in its place; as jsonl
a line {"columns":…,"rows":…}, then lines {"changes":[{"at":…,"removed":…,"rows":…}]}. With --repo several times, all of them are asked together; the column repo tells them apart.`,
  examples: [
    "dbx query --where 'params.lr < 0.1 and status = \"finished\"' --cols id,params.lr,min:loss --sort min:loss --limit 10",
    "dbx query 'SELECT id, params.lr, min(value) FROM points JOIN experiments USING (exp) WHERE key = '\\''loss'\\'' GROUP BY 1'",
    "dbx query 'SELECT * FROM metrics WHERE key = :key' --param key=loss --format csv",
  ],
  endsAtOnce: true,
  options: [
    ...FILTER_OPTIONS,
    { name: "cols", short: "c", kind: "text", value: "A,B", help: "the columns", default: "id, name, kind, status" },
    { name: "sort", short: "s", kind: "text", value: "[-]COL", help: "sort by a column; - turns the order round" },
    { name: "limit", short: "l", kind: "number", value: "N", help: "at most so many" },
    { name: "sql", kind: "flag", help: "print the SQL instead of the rows" },
    ...FORMAT_OPTIONS,
    { name: "output", short: "o", kind: "text", value: "FILE", help: "write to a file, which is replaced" },
    { name: "param", short: "p", kind: "list", value: "NAME=VALUE", help: "the value of :NAME" },
    { name: "all", short: "a", kind: "flag", help: "include deleted experiments" },
    {
      name: "live",
      kind: "flag",
      help: "go on: the answer again whenever it changes; with --format jsonl the changes alone",
    },
    { name: "explain", kind: "flag", help: "say what was read and how the query runs, instead of the rows" },
  ],
  servers: true,
  positionals: { min: 0, max: 1 },
  severalRepositories: true,
  permissions: (parsed, around) => {
    const output = text(parsed, "output");
    const file = output === undefined ? [] : [output.startsWith("/") ? output : `${around.cwd}/${output}`];
    return sourcePermissions(around, file);
  },
  load: () => import("./query_run.ts"),
};
