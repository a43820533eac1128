import type { AssertReport } from "../../../compare/assertion/outcome.ts";
import type { Plots } from "./plots.ts";
import { plotText } from "../plot_text.ts";
import { escapeXml } from "../escape.ts";
import { detailsOf, measuredWords } from "./words.ts";

/** A report in the XML of JUnit, which GitLab, Jenkins and others show: a condition is a test case. */
export function junitOf({ outcomes, remarks, passed }: AssertReport, plots: Plots): string {
  const cases = outcomes.map((outcome) => {
    const { assertion, measured } = outcome;
    const name = `classname="dbx assert" name="${escapeXml(assertion)}"`;
    if (outcome.passed) {
      const out = measured.map(measuredWords).join("\n");
      return `    <testcase ${name}>\n      <system-out>${escapeXml(out)}</system-out>\n    </testcase>\n`;
    }
    const details = detailsOf(outcome);
    const plot = plots.has(assertion) ? plotText(plots.get(assertion)!) : [];
    const message = `message="${escapeXml(details[0] ?? "it does not hold")}"`;
    const text = escapeXml([...details, ...plot].join("\n"));
    return `    <testcase ${name}>\n      <failure ${message}>${text}</failure>\n    </testcase>\n`;
  });
  if (outcomes.length === 0) {
    const [remark = ""] = remarks;
    const end = passed ? `<skipped message="${escapeXml(remark)}"/>` : `<failure message="${escapeXml(remark)}"/>`;
    cases.push(`    <testcase classname="dbx assert" name="experiments">${end}</testcase>\n`);
  }
  const failures = outcomes.length === 0 ? Number(!passed) : outcomes.filter((outcome) => !outcome.passed).length;
  const counts = `tests="${cases.length}" failures="${failures}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="dbx assert" ${counts}>\n${
    cases.join("")
  }  </testsuite>\n</testsuites>\n`;
}
