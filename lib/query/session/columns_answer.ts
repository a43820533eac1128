import { Yielder } from "../../base/yielder.ts";
import { rowsOfBatch, shownOf } from "./batch_rows.ts";
import { type Batch, BATCH_ROWS } from "../vectors/vector.ts";
import type { QueryResult, QueryValue } from "../result/answer.ts";
import { RowIterator } from "../result/row_iterator.ts";
import { type ResultColumn, typed } from "../result/typed_columns.ts";

/** What the columns gave: rows are made of them as they are taken. */
export class ColumnsResult implements QueryResult {
  constructor(
    readonly columns: readonly string[],
    readonly batches: readonly Batch[],
    /** For each column, whether an absent number is shown as NaN. */
    readonly showsNaN: readonly boolean[],
    readonly lines: readonly string[],
    readonly signal?: AbortSignal,
  ) {}

  async *chunks(): AsyncGenerator<QueryValue[][]> {
    const yielder = new Yielder(this.signal);
    for (const batch of this.batches) {
      for (let from = 0; from < batch.count; from += BATCH_ROWS) {
        await yielder.checkpoint();
        yield rowsOfBatch(batch, this.showsNaN, from, Math.min(batch.count, from + BATCH_ROWS));
      }
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<QueryValue[]> {
    return new RowIterator(this.chunks());
  }

  typedColumns(): ResultColumn[] {
    return this.columns.map((_, at) => {
      const vectors = this.batches.map(({ columns }) => columns[at]);
      return vectors.length > 0 && vectors.every(({ kind }) => kind === "number")
        ? concatColumn(this.batches, at)
        : typed(shownColumn(this.batches, at, this.showsNaN[at] ? NaN : null));
    });
  }

  explain(): string {
    return this.lines.join("\n") + "\n";
  }

  [Symbol.dispose](): void {}
}

function concatColumn(batches: readonly Batch[], at: number): Float64Array {
  const whole = new Float64Array(rowsIn(batches));
  let from = 0;
  for (const { count, columns } of batches) {
    const vector = columns[at];
    if (vector.kind === "number") whole.set(vector.data.subarray(0, count), from);
    from += count;
  }
  return whole;
}

function shownColumn(batches: readonly Batch[], at: number, missing: null | number): QueryValue[] {
  const whole = new Array<QueryValue>(rowsIn(batches));
  let row = 0;
  for (const { count, columns } of batches) {
    const shown = shownOf(columns[at], missing, 0, count);
    for (let of = 0; of < count; of++) whole[row++] = shown[of];
  }
  return whole;
}

function rowsIn(batches: readonly Batch[]): number {
  return batches.reduce((sum, { count }) => sum + count, 0);
}
