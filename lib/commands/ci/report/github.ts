import type { AssertReport, Outcome } from "../../../compare/assertion/outcome.ts";
import type { Output } from "../../../terminal/output.ts";
import { comparisonLines, failingWords } from "./words.ts";

/**
 * Prints while GitHub Actions obeys nothing of what is printed: texts of a repository could hold workflow commands, such as
 * `::set-output` at the start of a line or `##[…]` anywhere in it.
 */
export function guardedFromCommands(out: Output, print: () => void): void {
  const token = `dbx-${crypto.randomUUID()}`;
  out.line(`::stop-commands::${token}`);
  try {
    print();
  } finally {
    out.line(`::${token}::`);
  }
}

/** The workflow commands that make annotations of what failed. */
export function annotations({ outcomes, remarks, passed }: AssertReport): string[] {
  const failed = outcomes.filter((outcome) => !outcome.passed);
  return [
    ...failed.map((outcome) => error(`dbx assert: ${outcome.assertion}`, detailsOf(outcome).join("\n"))),
    ...passed ? [] : remarks.map((remark) => error("dbx assert", remark)),
  ];
}

/** What a person needs to know of a condition that failed. */
export function detailsOf(outcome: Outcome): string[] {
  const { remarks, comparison } = outcome;
  return [
    ...remarks,
    ...comparison === undefined ? [] : comparisonLines(comparison).map((line) => line.join("  ")),
    ...failingWords(outcome),
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
