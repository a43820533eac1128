import type { Repository } from "../../repo/repository.ts";
import type { ProcessContext } from "../command.ts";

/** Counts the lines of logs that are not events. */
export class BadLines {
  count = 0;
  readonly add = (): void => {
    this.count++;
  };
}

/** Says once, on stderr, that damaged definitions or lines were left out: damage is never passed over in silence. */
export function warnOfProblems(context: ProcessContext, repository: Repository, lines?: BadLines): void {
  warnOfDamage(context, repository.problems.length);
  if (lines !== undefined) warnOfLines(context, lines.count);
}

/** Says that the marker could be read only in part. */
export function warnOfMarker(context: ProcessContext, { markerProblem }: Repository): void {
  if (markerProblem === undefined) return;
  context.stderr.line(`dbx: ${markerProblem} It is read anyway; dbx check --repair-marker repairs it`);
}

/** Says so of damaged definitions. */
export function warnOfDamage(context: ProcessContext, count: number): void {
  if (count === 0) return;
  const what = count === 1
    ? "one definition or folder cannot be read and was"
    : `${count} definitions or folders cannot be read and were`;
  context.stderr.line(`dbx: ${what} left out; dbx check lists ${count === 1 ? "it" : "them"}`);
}

/** Says so of lines of logs. */
export function warnOfLines(context: ProcessContext, count: number): void {
  if (count === 0) return;
  const what = count === 1
    ? "one line of the logs is not an event and was"
    : `${count} lines of the logs are not events and were`;
  context.stderr.line(`dbx: ${what} left out; dbx check lists ${count === 1 ? "it" : "them"}`);
}
