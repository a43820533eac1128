import { UsageError } from "../../base/errors.ts";

/** A query that cannot be answered, and where in it the cause stands. */
export class QueryError extends UsageError {
  override name = "QueryError";
  /**
   * The message is followed by the line of the query and a mark below the place.
   *
   * @param plainMessage What is wrong, without the line.
   * @param position Characters from the start of the query; undefined where it is not known.
   */
  constructor(readonly plainMessage: string, readonly sql: string, readonly position?: number) {
    super(position === undefined ? plainMessage : `${plainMessage}\n${pointTo(sql, position)}`);
  }
}

/** The longest part of a line that is shown on each side of the place. */
const CONTEXT = 60;

function pointTo(sql: string, position: number): string {
  const from = Math.max(sql.lastIndexOf("\n", position - 1) + 1, position - CONTEXT);
  const newline = sql.indexOf("\n", position);
  const to = Math.min(newline < 0 ? sql.length : newline, position + CONTEXT);
  return `  ${sql.slice(from, to)}\n  ${" ".repeat(position - from)}^ at character ${position + 1}`;
}
