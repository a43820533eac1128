import { printable } from "../../../base/printable.ts";
import type { SetReport } from "../../../compare/report/set_report.ts";
import type { Chart } from "../../../plot/chart.ts";
import { pictureOf } from "../../../plot/picture/layout.ts";
import { svgMeasure, svgOf } from "../../../plot/svg/svg.ts";
import { escapeXml } from "../escape.ts";
import { curveChart } from "./charts.ts";
import { metricCells, metricHeads, unfinishedWords, valuesText, verdictOf } from "./table.ts";

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}
th,td{padding:.3rem .8rem;border-bottom:1px solid #ddd;text-align:left}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.better{color:#0a7a33}.worse{color:#b3261e}
figure{margin:1.5rem 0}img{max-width:100%;height:auto}
footer{color:#666;font-size:.85rem}`;

/** A report on two sets as a page that loads nothing and runs no script. */
export function setReportHtml(report: SetReport, title: string): string {
  const heads = metricHeads(report).map((head, at) => cell("th", head, at > 0));
  const metrics = report.metrics.map((metric) => {
    const verdict = verdictOf(metric);
    const cells = metricCells(metric).map((text, at) => cell("td", text, at > 0, at === 3 ? verdict : undefined));
    return `<tr>${cells.join("")}</tr>`;
  });
  const params = report.params.map(({ param, before, after }) => {
    return `<tr>${[param, valuesText(before), valuesText(after)].map((text) => cell("td", text)).join("")}</tr>`;
  });
  const paramHeads = ["param", report.before.name, report.after.name].map((head) => cell("th", head)).join("");
  const unfinished = unfinishedWords(report);
  const figures = report.curves.map((comparison) => {
    const alt = `${comparison.series}: ${report.before.name} and ${report.after.name}`;
    return `<figure><img src="${pictureUrl(curveChart(comparison, report))}" alt="${text(alt)}"></figure>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<table><thead><tr>${heads.join("")}</tr></thead><tbody>
${metrics.join("\n")}
</tbody></table>
${unfinished === undefined ? "" : `<p>${text(unfinished)}</p>\n`}${
    params.length === 0
      ? ""
      : `<table><thead><tr>${paramHeads}</tr></thead><tbody>\n${params.join("\n")}\n</tbody></table>`
  }
${figures.join("\n")}
</main>
<footer>Means ± standard deviations; p by Welch's t-test, two-sided; coloured where p &lt; 0.05. Bands: one deviation.</footer>
</body>
</html>
`;
}

/** The size of a picture. */
const PICTURE = [720, 400] as const;

/** A picture within the page: as a file of its own, it shares no names with others, and nothing in it can run. */
function pictureUrl(chart: Chart): string {
  const svg = svgOf(pictureOf(chart, PICTURE, svgMeasure));
  return `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
}

function cell(tag: "th" | "td", content: string, isNumber = false, kind?: string): string {
  const classes = [...isNumber ? ["number"] : [], ...kind === undefined ? [] : [kind]];
  return `<${tag}${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}>${text(content)}</${tag}>`;
}

/** A text of somebody else: lines stay, and it is nothing but text. */
function text(content: string): string {
  return content.split("\n").map((line) => escapeXml(printable(line))).join("\n");
}
