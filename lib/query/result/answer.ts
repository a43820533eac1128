import { Breather } from "../../base/breather.ts";

/** A value of a row. Whole numbers that a double does not hold are bigint. */
export type QueryValue = null | number | bigint | string | Uint8Array;

/** An answer: the rows come as they are found. Close it, or read it to its end. */
export interface Answer extends AsyncIterable<QueryValue[]>, Disposable {
  readonly columns: readonly string[];
  /** How the query ran, and what was read; for people. */
  explain(): string;
}

/** Rows that are there already. */
export class RowsAnswer implements Answer {
  constructor(
    readonly columns: readonly string[],
    readonly rows: Iterable<QueryValue[]>,
    readonly lines: readonly string[],
    readonly signal?: AbortSignal,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<QueryValue[]> {
    let count = 0;
    const breather = new Breather(this.signal);
    for (const row of this.rows) {
      if ((++count & 255) === 0) await breather.pass();
      yield row;
    }
  }

  explain(): string {
    return this.lines.join("\n") + "\n";
  }

  [Symbol.dispose](): void {}
}
