import { printable } from "../../../base/printable.ts";
import type { AssertReport } from "../../../compare/assertion/outcome.ts";
import { detailsOf } from "./github.ts";
import { plotText } from "./small_plot.ts";
import { type ReportExtras, summaryOf } from "./text.ts";
import { differenceWords, probabilityWords, sampleWords } from "./words.ts";

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

/** What Markdown, as GitHub and GitLab write it, takes for markup, a mention, a reference, an emoji or a link. */
const MARKUP = /[\\`*[\]<|~@&#$]|^>|(?<!\w)_|_(?!\w)|:(?=\/|[\w+-]+:)|(?<=w)ww(?=\.)/g;

/** A text of somebody else in Markdown: it is shown as it is, and is nothing else. */
export function escapeMarkdown(text: string): string {
  // An entity is shown as the character, and means nothing.
  return printable(text).replace(MARKUP, (found) => `&#${found.codePointAt(0)};${found.slice(1)}`);
}

/** Lines as a block of code. */
export function fence(lines: readonly string[]): string[] {
  const texts = lines.map(printable);
  const longest = Math.max(2, ...texts.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const mark = "`".repeat(longest + 1);
  return [`${mark}text`, ...texts, mark];
}

/** A condition in a cell of a table. */
function codeCell(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}
