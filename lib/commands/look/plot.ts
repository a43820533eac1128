import { UsageError } from "../../base/errors.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { FILTER_OPTIONS } from "./experiment_filter.ts";

/** The options of `dbx plot`. */
export const OPTIONS = [
  ...FILTER_OPTIONS,
  {
    name: "x",
    short: "x",
    kind: "text",
    value: "X",
    help: "the x axis: step, time, relative, a level such as epoch, or a number of the same events",
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
    help: "one curve for all experiments with equal values in these columns, such as params.lr: their mean",
  },
  {
    name: "band",
    kind: "text",
    value: "B",
    choices: ["std", "range", "none"],
    help: "what is shaded around a mean: the standard deviation, or all from least to greatest",
    default: "std",
  },
  { name: "log-x", kind: "flag", help: "a logarithmic x axis" },
  { name: "log-y", kind: "flag", help: "a logarithmic y axis" },
  { name: "xlim", kind: "text", value: "LOW,HIGH", help: "the ends of the x axis; either may be left out" },
  { name: "ylim", kind: "text", value: "LOW,HIGH", help: "the ends of the y axis; either may be left out" },
  { name: "title", kind: "text", value: "TEXT", help: "what stands above the curves" },
  { name: "follow", short: "f", kind: "flag", help: "draw again whenever there are new points, until Ctrl-C" },
  { name: "svg", kind: "text", value: "FILE", help: "write an SVG picture, replacing the file" },
  { name: "png", kind: "text", value: "FILE", help: "write a PNG picture, replacing the file" },
  {
    name: "html",
    kind: "text",
    value: "FILE",
    help: "write a page with zoom that needs nothing else, replacing the file",
  },
  {
    name: "draw",
    kind: "text",
    value: "HOW",
    choices: ["auto", "kitty", "sixel", "braille", "blocks", "ascii"],
    help: "how to draw on the terminal: as a picture or in characters",
    default: "auto: what the terminal says that it can show",
  },
  {
    name: "size",
    kind: "text",
    value: "WxH",
    help: "the size: of a picture in pixels, on a terminal in columns and rows",
    default: "1200x700, or what fits the terminal",
  },
  {
    name: "points",
    kind: "count",
    value: "N",
    help: "in --json at most N points per curve; minima and maxima are kept",
    default: "1000",
  },
  ...REPORT_OPTIONS,
  { name: "all", short: "a", kind: "flag", help: "include deleted experiments" },
] as const satisfies readonly OptionSpec[];

/** `dbx plot`. */
export const command: Command<typeof OPTIONS> = {
  name: "plot",
  summary: "draw curves of series, on the terminal or as SVG, PNG or HTML",
  usage: "[options] SERIES … [ID …]",
  details:
    `A series is named by its whole key, its last part, or a glob of either. A further word that no series has as its name is the
beginning of the id of an experiment or a run; without these, and without --where and the like, all experiments are drawn. The legend names the
parameters in which the experiments differ.

NaN and infinities are gaps, which the legend counts. With --group-by, a curve is the mean of the experiments with equal values in
those columns, in a band of their sample standard deviation; only values at the same x come together. On a terminal that shows
pictures (the protocols of kitty, or sixel), the plot is one; elsewhere it is drawn in braille dots, in blocks or in ASCII, as
TERM and the locale allow. --svg, --png and --html may be given together.`,
  examples: [
    "dbx plot loss",
    "dbx plot 'train_*' 3f9a 7kq2 --log-y --smooth 0.9",
    "dbx plot val_loss --group-by params.lr --x epoch --svg figure.svg",
    "dbx plot loss --where 'status = \"running\"' -f",
  ],
  options: OPTIONS,
  servers: true,
  endsAtOnce: true,
  positionals: { min: 1, max: Infinity, completes: ["series", "experiment"] },
  severalRepositories: true,
  permissions: ({ options }, environment) => {
    const files = [options.svg, options.png, options.html].filter((file) => file !== undefined);
    if (files.includes("-")) {
      throw new UsageError("Cannot write a picture to -: name a file, such as --svg figure.svg");
    }
    const absolute = files.map((file) => file.startsWith("/") ? file : `${environment.cwd}/${file}`);
    return sourcePermissions(environment, absolute);
  },
};
