/** Something that is not as the format says. */
export interface Problem {
  /** Relative to the repository. */
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  /** Bytes from the start of the file. */
  readonly offset?: number;
  /** A short stable word for machines, such as `bad-line`. */
  readonly kind: string;
  readonly message: string;
  /** `damage`: something is lost or wrong. `note`: harmless, such as a line that is still being written. */
  readonly severity: "damage" | "note";
}

/** `path:line: message`, in one line: a path with a line feed in it is written as JSON. */
export function formatProblem(problem: Problem): string {
  // deno-lint-ignore no-control-regex
  const path = /[\x00-\x1f\x7f]/.test(problem.path) ? JSON.stringify(problem.path) : problem.path;
  return `${path}${problem.line === undefined ? "" : `:${problem.line}`}: ${problem.message}`;
}
