import type { SetReport } from "../../../compare/report/set_report.ts";
import { escapeMarkdown, fence } from "../escape.ts";
import { curveChart } from "./charts.ts";
import { metricCells, metricHeads, unfinishedWords, valuesText, verdictOf } from "./table.ts";
import { plotText } from "../plot_text.ts";

const MARKS = { better: "🟢", worse: "🔴" } as const;

/** A report on two sets in Markdown, as GitHub and GitLab show it in a comment. */
export function setReportMarkdown(report: SetReport, title: string): string {
  const lines = [`### ${escapeMarkdown(title)}`, ""];
  const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  if (report.metrics.length === 0) lines.push("No series is in both.");
  else {
    lines.push(row(metricHeads(report)), "| --- | --: | --: | --: | --: |");
    for (const metric of report.metrics) {
      const verdict = verdictOf(metric);
      const [name, before, after, difference, p] = metricCells(metric);
      lines.push(row([name, before, after, `${difference}${verdict === undefined ? "" : ` ${MARKS[verdict]}`}`, p]));
    }
    lines.push("", "Means ± standard deviations; p by Welch's t-test, two-sided. Marked: p < 0.05.");
  }
  const unfinished = unfinishedWords(report);
  if (unfinished !== undefined) lines.push("", escapeMarkdown(unfinished));
  if (report.params.length > 0) {
    lines.push("", row(["param", report.before.name, report.after.name]), "| --- | --- | --- |");
    for (const { param, before, after } of report.params) {
      lines.push(row([param, valuesText(before), valuesText(after)]));
    }
  }
  for (const comparison of report.curves) {
    const plot = plotText(curveChart(comparison, report));
    lines.push(
      "",
      "<details><summary>" + escapeMarkdown(comparison.series) + "</summary>",
      "",
      ...fence(plot),
      "",
      "</details>",
    );
  }
  return lines.join("\n") + "\n";
}
