import type { Command, OptionSpec } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { savedPaths, summaryFile } from "./named_files.ts";

/** The options of `dbx report`. */
export const OPTIONS = [
  {
    name: "metric",
    short: "m",
    kind: "list",
    value: "COL",
    help: "compare this value, such as last:val_acc",
    default: "the last and the best value of each series of both",
  },
  { name: "title", kind: "text", value: "TEXT", help: "the heading of the report" },
  { name: "markdown", kind: "text", value: "FILE", help: "write the report in Markdown" },
  { name: "html", kind: "text", value: "FILE", help: "write it as a page that needs nothing else" },
  ...REPORT_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx report`. */
export const command: Command<typeof OPTIONS> = {
  name: "report",
  summary: "compare two sets of experiments, for a pull request",
  usage: "[options] <before> <after>",
  details:
    `Each set is a tag, the id of an experiment or a run, or a condition as of --where. The report has the means and deviations of both,
their difference, its p value by Welch's t-test, the params that differ, and the curves: means with a band of one deviation.
It is written to stdout in Markdown, unless --markdown or --html name a file. In GitHub Actions it is added to the job's
summary too.`,
  examples: [
    "dbx report main fix --markdown comment.md",
    "dbx report 'git.branch = \"main\"' 'git.branch = \"fix\"' --metric last:val_acc --html report.html",
  ],
  endsAtOnce: true,
  options: OPTIONS,
  servers: true,
  positionals: { min: 2, max: 2, completes: ["experiment", "tag"] },
  permissions: ({ options }, environment) => {
    const saved = savedPaths(environment, [options.markdown, options.html]);
    const own = sourcePermissions(environment, [...saved, ...summaryFile(environment)]);
    return { ...own, read: [...own.read as string[], ...saved] };
  },
};
