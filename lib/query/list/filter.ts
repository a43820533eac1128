import { UsageError } from "../../base/errors.ts";
import { parseDuration, parseTime } from "../../base/durations.ts";
import type { RunStatus } from "../../repo/logs/run_status.ts";
import { binary, call, column, literal } from "../sql/build.ts";
import type { Expression, Span } from "../sql/tree.ts";
import { parseCondition } from "./parse_condition.ts";
import type { TextPieces } from "./text_pieces.ts";

/** Which experiments are meant; all that is said must be true. */
export interface ExperimentFilter {
  /**
   * A condition of SQL over the columns of `experiments`, in which `min:loss` and the like stand for statistics of a
   * series, and `"finished"` is a text.
   */
  readonly where?: string;
  readonly kind?: string;
  /** A glob: `*` any text, `?` one character. */
  readonly name?: string;
  readonly tags?: readonly string[];
  /** Of the newest run that has a life log. */
  readonly status?: RunStatus["status"];
  /** Made at this time or later: an ISO 8601 text, or a length of time before now such as `2d`. */
  readonly since?: string;
  /** Only this run, by its id or the start of it: statistics, status and duration are of it alone. */
  readonly run?: string;
}

/**
 * The conditions that a filter stands for.
 *
 * @param now Milliseconds since the Unix epoch.
 */
export function conditionsOf(filter: ExperimentFilter, pieces: TextPieces, now: number): Expression[] {
  const conditions: Expression[] = [];
  const { where, kind, name, tags = [], status, since } = filter;
  const said = (text: string): Span => {
    const start = pieces.add(text);
    return { start, end: start + text.length };
  };
  const equal = (of: string, text: string) => {
    const span = said(text);
    conditions.push(binary("=", column(of, span), literal(text, span), span));
  };
  if (kind !== undefined) equal("kind", kind);
  if (status !== undefined) equal("status", status);
  if (name !== undefined) {
    const span = said(name);
    conditions.push(call("fits", [column("name", span), literal(name, span)], span));
  }
  for (const tag of tags) {
    const span = said(tag);
    conditions.push(call("has_tag", [column("tags", span), literal(tag, span)], span));
  }
  if (since !== undefined) {
    const span = said(since);
    const time = literal(BigInt(Math.ceil(timeSince(since, now))), span);
    conditions.push(binary(">=", column("created_at", span), time, span));
  }
  if (where !== undefined) conditions.push(parseCondition(where, pieces));
  return conditions;
}

function timeSince(text: string, now: number): number {
  const length = parseDuration(text);
  const time = length === undefined ? parseTime(text) : now - length;
  if (time !== undefined) return time;
  throw new UsageError(`Cannot read "${text}" as a time: give 2026-01-31, 2026-01-31T12:00Z, or a length such as 2d`);
}
