import { DbxError, UsageError } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { toExitResult } from "../../cli/launch/errors.ts";
import { openAsking } from "../../cli/repository/asking.ts";
import type { Asking } from "../../compare/asking.ts";
import { type Assertion, parseAssertion } from "../../compare/assertion/assertion.ts";
import { type Baseline, parseBaseline, serializeBaseline } from "../../compare/assertion/baseline.ts";
import { evaluate, type EvaluateOptions } from "../../compare/assertion/evaluate.ts";
import { baselineOf, measureBaseline } from "../../compare/assertion/measure.ts";
import type { Outcome } from "../../compare/assertion/outcome.ts";
import { parseTolerance } from "../../compare/assertion/tolerance.ts";
import type { Sample } from "../../compare/statistics/sample.ts";
import { namedSet, without } from "../../compare/sets/experiment_set.ts";
import { type RecordResult, recordResult } from "../../terminal/result.ts";
import { filterOf } from "../look/experiment_filter.ts";
import type { OPTIONS } from "./assert.ts";
import { isBaselineFile } from "./baseline_words.ts";
import { addToSummary, readNamed, saveNamed } from "./named_files.ts";
import { annotations } from "./assert/annotations.ts";
import { guardedFromCommands } from "./workflow_commands.ts";
import { junitOf } from "./assert/junit.ts";
import { markdownOf } from "./assert/markdown.ts";
import { plotsOf } from "./assert/plots.ts";
import { printReport } from "./assert/text.ts";

/** It is not known whether the conditions hold. */
class UndecidedError extends DbxError {
  override name = "UndecidedError";
  override readonly exitCode = 3;
}

/** Asserts conditions; an error is never taken for a condition that does not hold. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<RecordResult> {
  try {
    return await assertAll(context, parsed);
  } catch (error) {
    const { exitCode, lines } = toExitResult(error);
    if (exitCode !== 1) throw error;
    throw new UndecidedError(lines.join("\n").replace(/^dbx: /, ""), { cause: error });
  }
}

async function assertAll(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<RecordResult> {
  const { options, positionals } = parsed;
  const assertions = positionals.map(parseAssertion);
  refuseHalves(assertions, parsed);
  const filter = filterOf(parsed);
  const rules = {
    tolerance: options.tolerance === undefined ? undefined : parseTolerance(options.tolerance),
    alpha: options.alpha,
  };
  const asking = await openAsking(context);
  const { baseline, apart = filter } = await baselineFor(context, asking, assertions, parsed);
  const how: EvaluateOptions = {
    ...rules,
    filter: apart,
    last: options.last,
    baseline,
    allowEmpty: options["allow-empty"],
  };
  const { report, measurement } = await evaluate(asking, assertions, how);
  const plots = await plotsOf(asking, report, { baseline, run: filter.run });
  asking.end();
  const { junit, markdown, "write-baseline": written } = options;
  const inMarkdown = markdownOf(report, { plots, baseline });
  if (junit !== undefined) saveNamed(context, junit, junitOf(report, plots));
  if (markdown !== undefined) saveNamed(context, markdown, inMarkdown);
  addToSummary(context, inMarkdown);
  if (written !== undefined && report.passed && report.experiments.length > 0) {
    saveNamed(context, written, serializeBaseline(baselineOf(measurement, assertions)));
  }
  const isGithub = context.env.GITHUB_ACTIONS === "true";
  return recordResult({ ...report, outcomes: report.outcomes.map(recordOf), baseline: baseline?.name }, {
    exitCode: report.passed ? 0 : 1,
    text(out) {
      const foldsAt = context.env.GITLAB_CI === "true" ? context.now : undefined;
      const print = () => printReport(out, report, { plots, baseline, foldsAt });
      if (!isGithub) return print();
      guardedFromCommands(out, print);
      out.lines(annotations(report));
    },
  });
}

/** The baseline, and the experiments that are compared with it, without its own. */
async function baselineFor(
  context: Context,
  asking: Asking,
  assertions: readonly Assertion[],
  parsed: Parsed<typeof OPTIONS>,
): Promise<{ readonly baseline?: Baseline; readonly apart?: EvaluateOptions["filter"] }> {
  const word = parsed.options.baseline;
  if (word === undefined) return {};
  if (isBaselineFile(word)) {
    return { baseline: parseBaseline(readNamed(context, word, "baseline", "--write-baseline makes one"), word) };
  }
  const set = await namedSet(asking, word);
  return {
    baseline: await measureBaseline(asking, assertions, set),
    apart: without(filterOf(parsed), set.filter),
  };
}

/** An outcome for machines: of a single value, no deviation is said. */
function recordOf({ measured, comparison, ...outcome }: Outcome) {
  const said = ({ sd, ...sample }: Sample) => Number.isNaN(sd) ? sample : { ...sample, sd };
  return {
    ...outcome,
    measured: measured.map(({ value, sample }) => ({ value, ...sample !== undefined && said(sample) })),
    ...comparison !== undefined && {
      comparison: {
        ...comparison,
        current: said(comparison.current),
        baseline: comparison.baseline && said(comparison.baseline),
      },
    },
  };
}

/** Refuses options and conditions that need others which are not there. */
function refuseHalves(assertions: readonly Assertion[], { options }: Parsed<typeof OPTIONS>): void {
  const { baseline, tolerance, alpha, "write-baseline": file } = options;
  if (alpha !== undefined && alpha >= 1) throw new UsageError(`Cannot use ${alpha} as --alpha: it must be below 1`);
  if (baseline === undefined) {
    const lonely = assertions.find(({ condition }) => condition === undefined);
    if (lonely !== undefined && file === undefined) {
      throw new UsageError(`Cannot assert "${lonely.text}": it needs --baseline`);
    }
    const option = tolerance !== undefined ? "tolerance" : alpha !== undefined ? "alpha" : undefined;
    if (option !== undefined) throw new UsageError(`Cannot use --${option} without --baseline`);
  }
  if (baseline === undefined && file === undefined) return;
  if (assertions.some(({ comparison }) => comparison !== undefined)) return;
  throw new UsageError(
    `Cannot use --${baseline === undefined ? "write-baseline" : "baseline"}: no condition has a value to compare; ` +
      "write one such as 'last:val_acc >= baseline'",
  );
}
