import { NotFoundError } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { openAsking } from "../../cli/repository/asking.ts";
import { compareSets, type SetReport } from "../../compare/report/set_report.ts";
import { namedSet } from "../../compare/sets/experiment_set.ts";
import { type RecordResult, recordResult } from "../../terminal/result.ts";
import { addToSummary, saveNamed } from "./named_files.ts";
import type { OPTIONS } from "./report.ts";
import { guardedFromCommands } from "./workflow_commands.ts";
import { setReportHtml } from "./report/html.ts";
import { setReportMarkdown } from "./report/markdown.ts";

/** Compares two sets of experiments. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<RecordResult> {
  const { metric, title, markdown, html } = parsed.options;
  const [before, after] = parsed.positionals;
  const asking = await openAsking(context);
  const sets = [await namedSet(asking, before), await namedSet(asking, after)] as const;
  const report = await compareSets(asking, ...sets, metric.length > 0 ? metric : undefined);
  asking.end();
  for (const { name, experiments } of [report.before, report.after]) {
    if (experiments.length === 0) throw new NotFoundError(`Cannot compare "${name}": no experiment matches`);
  }
  const heading = title ?? `${report.after.name} compared with ${report.before.name}`;
  const text = setReportMarkdown(report, heading);
  if (markdown !== undefined) saveNamed(context, markdown, text);
  if (html !== undefined) saveNamed(context, html, setReportHtml(report, heading));
  addToSummary(context, text);
  return recordResult(recordOf(report), {
    text(out) {
      if (markdown !== undefined || html !== undefined) return;
      const print = () => out.lines(text.trimEnd().split("\n"));
      if (context.env.GITHUB_ACTIONS === "true") guardedFromCommands(out, print);
      else print();
    },
  });
}

/** The report for machines: the curves are those of `dbx series`. */
function recordOf({ curves: _, ...report }: SetReport): Readonly<Record<string, unknown>> {
  return report as unknown as Record<string, unknown>;
}
