import type { AssertReport } from "../../../compare/assertion/outcome.ts";
import { detailsOf } from "./words.ts";

/** The workflow commands that make annotations of what failed. */
export function annotations({ outcomes, remarks, passed }: AssertReport): string[] {
  const failed = outcomes.filter((outcome) => !outcome.passed);
  return [
    ...failed.map((outcome) => error(`dbx assert: ${outcome.assertion}`, detailsOf(outcome).join("\n"))),
    ...passed ? [] : remarks.map((remark) => error("dbx assert", remark)),
  ];
}

function error(title: string, message: string): string {
  return `::error title=${escapeProperty(title)}::${escapeData(message)}`;
}

/** A text as the message of a workflow command: in one line, and with nothing that is read as an escape. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** The same as a property, which a colon or a comma would end. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
