import type { Command, OptionSpec } from "../../cli/command.ts";
import { REPORT_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { FILTER_OPTIONS } from "../look/experiment_filter.ts";
import { isBaselineFile } from "./baseline_words.ts";
import { absolutePath, savedPaths, summaryFile } from "./named_files.ts";

/** The options of `dbx assert`. */
export const OPTIONS = [
  ...FILTER_OPTIONS,
  { name: "last", kind: "flag", help: "only the newest of the experiments" },
  {
    name: "baseline",
    short: "b",
    kind: "text",
    value: "EXP|TAG|FILE",
    help: "compare with an experiment, a run, all experiments with a tag, or a file of --write-baseline",
  },
  {
    name: "tolerance",
    kind: "text",
    value: "1%|2sd|X",
    help: "how much worse than the baseline still passes: a part of it, its deviations, or a number",
    default: "0",
  },
  {
    name: "alpha",
    kind: "number",
    value: "A",
    positive: true,
    help: "worse than the baseline fails only if Welch's t-test finds chance less probable than this, such as 0.05",
  },
  { name: "write-baseline", kind: "text", value: "FILE", help: "if all of it holds, write what was measured to FILE" },
  { name: "allow-empty", kind: "flag", help: "pass if no experiment matches" },
  { name: "junit", kind: "text", value: "FILE", help: "write a JUnit report" },
  { name: "markdown", kind: "text", value: "FILE", help: "write a report in Markdown" },
  ...REPORT_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx assert`. */
export const command: Command<typeof OPTIONS> = {
  name: "assert",
  summary: "fail if a metric is not what it has to be",
  usage: "[options] <condition> …",
  details:
    `A condition is written as that of --where. Without an aggregate, it has to hold for each experiment: last:val_acc > 0.9. With one,
for all of them together: avg(last:val_acc) > 0.9, count(status = "failed") = 0. A value that is NaN or missing makes no
condition true, nor does a series whose last value is NaN.

With --baseline, the mean over the experiments is compared with that of the baseline: last:val_acc >= baseline. A condition
with a number is compared too, in its direction: last:val_acc > 0.9 asserts that, and that it is not worse than the baseline.
Experiments of the baseline are left out of those that are compared with it. A file of --write-baseline can be kept in git.

In GitHub Actions, what fails becomes an annotation and a part of the job's summary. In GitLab CI, it can be
folded in the log; give --junit, and name the file as artifacts:reports:junit, to see it in the merge request.`,
  examples: [
    "dbx assert 'last:val_acc > 0.9' 'max:loss < 10' --kind train --last",
    "dbx assert 'last:val_acc >= baseline' --tag nightly --baseline main --tolerance 1%",
    "dbx assert 'last:val_acc >= baseline' --where 'git.branch = \"fix\"' --baseline baseline.json --alpha 0.05",
    "dbx assert 'last:val_acc > 0.9' --tag main --write-baseline baseline.json",
  ],
  exitCodes: {
    1: "a condition does not hold, or no experiment matches",
    3: "it could not be decided: the repository or the baseline cannot be read",
  },
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity },
  severalRepositories: true,
  permissions: ({ options }, environment) => {
    const baseline = options.baseline !== undefined && isBaselineFile(options.baseline) ? [options.baseline] : [];
    const saved = savedPaths(environment, [options["write-baseline"], options.junit, options.markdown]);
    const own = sourcePermissions(environment, [...saved, ...summaryFile(environment)]);
    const read = [...saved, ...baseline.map((path) => absolutePath(environment, path))];
    return { ...own, read: [...own.read as string[], ...read] };
  },
};
