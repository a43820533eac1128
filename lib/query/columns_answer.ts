import { Breather } from "../base/breather.ts";
import { rowsOfBatch } from "./batch_rows.ts";
import type { Batch } from "./columns/vector.ts";
import type { Answer, QueryValue } from "./result/answer.ts";
import { type AnswerColumn, typed } from "./result/typed_columns.ts";

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

  typedColumns(): AnswerColumn[] {
    return this.columns.map((_, at) => {
      const vectors = this.batches.map(({ columns }) => columns[at]);
      return vectors.length > 0 && vectors.every(({ kind }) => kind === "number")
        ? joined(this.batches, at)
        : typed(this.batches.flatMap((batch) => [...cellsOf(batch, at, this.showsNaN[at])]));
    });
  }

  explain(): string {
    return this.lines.join("\n") + "\n";
  }

  [Symbol.dispose](): void {}
}

function joined(batches: readonly Batch[], at: number): Float64Array {
  const whole = new Float64Array(batches.reduce((sum, { count }) => sum + count, 0));
  let from = 0;
  for (const { count, columns } of batches) {
    const vector = columns[at];
    if (vector.kind === "number") whole.set(vector.data.subarray(0, count), from);
    from += count;
  }
  return whole;
}

function* cellsOf({ count, columns }: Batch, at: number, showsNaN: boolean): Generator<QueryValue> {
  for (const [value] of rowsOfBatch({ count, columns: [columns[at]] }, [showsNaN])) yield value;
}
