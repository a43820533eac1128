import type { AssertReport } from "../../../compare/assertion/outcome.ts";
import { escapeMarkdown, fence } from "../escape.ts";
import { plotText } from "../plot_text.ts";
import { type ReportExtras, summaryOf } from "./text.ts";
import { detailsOf, differenceWords } from "./words.ts";
import { probabilityWords, sampleWords } from "../number_words.ts";

/** A report in Markdown, for the summary of a job or a comment on a pull request. */
export function markdownOf(report: AssertReport, { plots, baseline }: ReportExtras): string {
  const lines = [`### dbx assert: ${escapeMarkdown(summaryOf(report, baseline))}`, ""];
  lines.push(...report.remarks.map((remark) => escapeMarkdown(remark)));
  if (report.outcomes.length > 0) {
    lines.push("|  | condition | measured | baseline | difference | p |", "| --- | --- | --- | --- | --- | --- |");
    for (const { assertion, passed, measured, comparison } of report.outcomes) {
      const found = measured.map(({ sample }) => sample === undefined ? "" : sampleWords(sample)).join(", ");
      const { baseline: base, p } = comparison ?? {};
      const cells = [
        passed ? "✅" : "❌",
        codeCell(assertion),
        escapeMarkdown(found),
        base === undefined ? "" : sampleWords(base),
        comparison === undefined ? "" : differenceWords(comparison),
        p === undefined ? "" : probabilityWords(p),
      ];
      lines.push(`| ${cells.join(" | ")} |`);
    }
  }
  for (const outcome of report.outcomes.filter(({ passed }) => !passed)) {
    lines.push("", `**${escapeMarkdown(outcome.assertion)}**`, "");
    lines.push(...detailsOf(outcome).map((line) => `- ${escapeMarkdown(line)}`));
    const plot = plots.get(outcome.assertion);
    if (plot !== undefined) lines.push("", ...fence(plotText(plot)));
  }
  return lines.join("\n") + "\n";
}

/** A condition in a cell of a table. */
function codeCell(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}
