import { wrap } from "../../../cli/launch/wrap.ts";
import type { Baseline } from "../../../compare/assertion/baseline.ts";
import type { AssertReport, Outcome } from "../../../compare/assertion/outcome.ts";
import { type Piece, styled } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import { width } from "../../../terminal/table.ts";
import { plotFor } from "../plot_text.ts";
import type { Plots } from "./plots.ts";
import { comparisonLines, experiments, failingWords, measuredWords } from "./words.ts";

/** What a report shows besides. */
export interface ReportExtras {
  readonly plots: Plots;
  readonly baseline: Baseline | undefined;
  /** In the log of a GitLab job, what is said of a failure can be folded: the time, in milliseconds since the Unix epoch. */
  readonly foldsAt?: number;
}

/** Prints a report for people. */
export function printReport(out: Output, report: AssertReport, extras: ReportExtras): void {
  report.outcomes.forEach((outcome, at) => {
    const [first, ...rest] = linesOf(out, outcome, extras);
    const { foldsAt } = extras;
    if (foldsAt === undefined || outcome.passed) return out.lines([first, ...rest]);
    out.foldStart(`dbx_assert_${at}`, foldsAt, ...first);
    out.lines(rest);
    out.foldEnd(`dbx_assert_${at}`, foldsAt);
  });
  for (const remark of report.remarks) {
    out.line(report.passed ? styled("yellow", "pass") : styled("red", "FAIL"), `  ${remark}`);
  }
  out.line(summaryOf(report, extras.baseline));
}

/** One line about all of it. */
export function summaryOf({ outcomes, experiments: ids }: AssertReport, baseline: Baseline | undefined): string {
  const failed = outcomes.filter(({ passed }) => !passed).length;
  const conditions = outcomes.length === 1 ? "1 condition" : `${outcomes.length} conditions`;
  const of = `${conditions} on ${experiments(ids.length)}${
    baseline === undefined ? "" : `, baseline ${baseline.name}`
  }`;
  if (outcomes.length === 0) return "nothing was asserted";
  return failed === 0 ? `all hold: ${of}` : `${failed} failed: ${of}`;
}

function* linesOf(out: Output, outcome: Outcome, { plots }: ReportExtras): Generator<Piece[]> {
  const { assertion, passed, remarks, measured, comparison } = outcome;
  yield [passed ? styled("green", "pass") : styled("red", "FAIL"), `  ${assertion}`];
  const indent = " ".repeat(6);
  const compared = comparison === undefined ? [] : comparisonLines(comparison);
  const room = Math.max(...compared.map(([head]) => width(head)));
  for (const [head, text] of compared) {
    yield [indent, styled("grey", `${head}${" ".repeat(room - width(head))}  ${text}`)];
  }
  const numbers = measured.filter(({ sample }) => sample !== undefined);
  if (comparison === undefined && numbers.length > 0) {
    yield [indent, styled("grey", numbers.map(measuredWords).join(", "))];
  }
  const columns = out.isTerminal ? out.columns - indent.length : Infinity;
  for (const remark of remarks) for (const line of wrap(remark, columns).split("\n")) yield [indent, line];
  for (const line of failingWords(outcome)) yield [indent, "  ", line];
  const plot = plots.get(assertion);
  if (plot !== undefined) { for (const line of plotFor(out, plot, indent.length)) yield [indent, ...line]; }
}
