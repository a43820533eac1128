import { parseQuery } from "../sql/parse.ts";
import type { Query } from "../sql/tree.ts";

/** What is asked: a tree, and the text that its positions count in. */
export interface Question {
  readonly tree: Query;
  readonly sql: string;
  /** Makes an error point into what was written, where that is another text. */
  readonly located?: (error: unknown) => unknown;
}

/** Reads a `SELECT`. Throws `QueryError` with the position. */
export function readQuestion(sql: string): Question {
  return { tree: parseQuery(sql), sql };
}

/** Does something about a question; errors point into what was written. */
export async function withErrorsLocated<T>({ located }: Question, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw located?.(error) ?? error;
  }
}
