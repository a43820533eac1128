import { toQueryValue } from "./batch_rows.ts";
import type { Question } from "./question.ts";
import type { QueryResult, QueryValue } from "../result/answer.ts";
import { RowIterator } from "../result/row_iterator.ts";
import type { Value } from "../values/value.ts";
import type { SqliteRows } from "../sqlite/run.ts";

/** Rows that SQLite finds. */
export class SqliteResult implements QueryResult {
  #explanation: string | undefined;

  constructor(
    readonly columns: readonly string[],
    readonly rows: SqliteRows,
    /** For each column, whether an absent number is shown as NaN. */
    readonly showsNaN: readonly boolean[],
    readonly lines: readonly string[],
    readonly located: Question["located"],
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<QueryValue[]> {
    return new RowIterator(this.chunks());
  }

  async *chunks(): AsyncGenerator<QueryValue[][]> {
    // Once the rows are read the database is closed.
    this.explain();
    const missing = this.showsNaN.map((shows) => (shows ? NaN : null));
    const shown = (value: Value, at: number) => value === null ? missing[at] : toQueryValue(value);
    try {
      for await (const chunk of this.rows.rows()) yield chunk.map((row) => row.map(shown));
    } catch (error) {
      throw this.located?.(error) ?? error;
    }
  }

  explain(): string {
    return this.#explanation ??= [...this.lines, this.rows.explain()].join("\n");
  }

  [Symbol.dispose](): void {
    this.rows[Symbol.dispose]();
  }
}
