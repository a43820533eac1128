import { type Finding, FINDINGS, type Severity } from "./findings.ts";

/** Where something is, and what is to be said of it. */
export interface Place {
  /** Relative to the repository. */
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  /** Bytes from the start of the file. */
  readonly offset?: number;
  readonly message: string;
}

/** Something that is not as the format says. */
export interface Problem extends Place {
  /** A short stable word for machines, such as `bad-line`. */
  readonly kind: string;
  readonly severity: Severity;
  /** Which systems cannot hold a name. */
  readonly systems?: readonly string[];
}

/** What a check found: how bad it is, the table of findings says. */
export function problem(kind: Finding, { path, line, offset, message }: Place): Problem {
  return {
    path,
    ...(line === undefined ? {} : { line }),
    ...(offset === undefined ? {} : { offset }),
    kind,
    message,
    severity: FINDINGS[kind],
  };
}

/** `path:line: message`, in one line: a path with a line feed in it is written as JSON. */
export function formatProblem(problem: Problem): string {
  // deno-lint-ignore no-control-regex
  const path = /[\x00-\x1f\x7f]/.test(problem.path) ? JSON.stringify(problem.path) : problem.path;
  return `${path}${problem.line === undefined ? "" : `:${problem.line}`}: ${problem.message}`;
}
