import { Breather } from "../base/breather.ts";
import { rowsOfBatch } from "./batch_rows.ts";
import type { Batch } from "./columns/vector.ts";
import type { Answer, QueryValue } from "./result/answer.ts";

/** What the columns gave: rows are made of them as they are taken. */
export class ColumnsAnswer implements Answer {
  constructor(
    readonly columns: readonly string[],
    readonly batches: readonly Batch[],
    /** For each column, whether an absent number is shown as NaN. */
    readonly showsNaN: readonly boolean[],
    readonly lines: readonly string[],
    readonly signal?: AbortSignal,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<QueryValue[]> {
    const breather = new Breather(this.signal);
    let count = 0;
    for (const batch of this.batches) {
      for (const row of rowsOfBatch(batch, this.showsNaN)) {
        if ((++count & 1023) === 0) await breather.pass();
        yield row;
      }
    }
  }

  explain(): string {
    return this.lines.join("\n") + "\n";
  }

  [Symbol.dispose](): void {}
}
