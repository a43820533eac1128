import type { Command, OptionSpec } from "../../cli/command.ts";
import { FILTER_OPTIONS } from "./experiment_filter.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { absolute } from "../../base/paths.ts";

/** The options of `dbx series`. */
export const OPTIONS = [
  ...FILTER_OPTIONS,
  {
    name: "x",
    short: "x",
    kind: "text",
    value: "X",
    help: "the x axis: step, time, relative, or a level such as epoch",
    default: "step",
  },
  {
    name: "smooth",
    kind: "number",
    value: "W",
    help: "exponential mean with this weight of the past, 0 to 1",
  },
  {
    name: "group-by",
    short: "g",
    kind: "text",
    value: "A,B",
    help: "one curve for all experiments with equal values in these columns",
  },
  { name: "agg", kind: "text", value: "A,B", help: "some of mean, std, min, max, count", default: "mean,std" },
  {
    name: "points",
    kind: "count",
    value: "N",
    help: "at most N points per curve; minima and maxima are kept",
  },
  { name: "plot", kind: "flag", help: "plot the curves instead" },
  ...LIST_OPTIONS,
  { name: "output", short: "o", kind: "text", value: "FILE", help: "write to FILE instead, replacing it" },
  { name: "all", short: "a", kind: "flag", help: "include deleted experiments" },
] as const satisfies readonly OptionSpec[];

/** `dbx series`. */
export const command: Command<typeof OPTIONS> = {
  name: "series",
  summary: "print the points of series, optionally smoothed or aggregated over experiments",
  usage: "[options] <series>",
  details:
    `A series is named by its whole key, its last part, or a glob of either. One row per point: exp, run, log, series, x and value; with
--group-by, one row per x for the experiments with equal values in those columns, with the mean and the sample standard
deviation of their values. x is step (that of the data, else the innermost number of the event's name), time (milliseconds since 1970),
relative (seconds since the run was created), a level of the event's name (epoch of train/epoch/3/step/7), or else a number of
the same events' data. The other numbers of the name are columns c0, c1, … from the left, and points that differ in
them are never aggregated. --plot draws each loop of x as a line.`,
  examples: [
    "dbx series val_loss --where 'params.lr < 0.1' --format csv",
    "dbx series loss --group-by params.lr --agg mean,std --smooth 0.9 --plot",
  ],
  endsAtOnce: true,
  options: OPTIONS,
  pages: () => true,
  servers: true,
  positionals: { min: 1, max: 1, completes: ["series"] },
  severalRepositories: true,
  permissions: (parsed, environment) => {
    const output = parsed.options.output;
    const file = output === undefined ? [] : [absolute(output, environment.cwd)];
    return sourcePermissions(environment, file);
  },
};
