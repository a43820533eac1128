import type { QueryResult, QueryValue } from "../result/answer.ts";
import { RowIterator } from "../result/row_iterator.ts";
import { statisticOf } from "../schema/statistics.ts";

/**
 * Tells a statistic that is NaN, because the series has points but no such number, from that of a series which an experiment
 * does not have: to SQL both are NULL. Behind the columns that are wanted stand the numbers of points.
 */
export class NanOrAbsent {
  /** What has to be asked for. */
  readonly cols: readonly string[];
  /** Where the number of points of a column stands, by the number of the column. */
  readonly #countAt = new Map<number, number>();

  /** `behind`: how many more columns stand behind all of these in the answer, and are shown as they are. */
  constructor(readonly wanted: readonly string[], readonly behind = 0) {
    const cols = [...wanted];
    wanted.forEach((name, at) => {
      const found = statisticOf(name);
      if (found === undefined || found.statistic === "count") return;
      const count = `count:${found.series}`;
      const known = cols.indexOf(count, wanted.length);
      this.#countAt.set(at, known >= 0 ? known : cols.push(count) - 1);
    });
    this.cols = cols;
  }

  /** The answer to what was asked for, as it is to be shown. */
  answer(asked: QueryResult): QueryResult {
    if (this.#countAt.size === 0) return asked;
    const shown = (rows: readonly QueryValue[][]) => rows.map((row) => this.#shown(row));
    return {
      columns: this.kept(asked.columns),
      async *chunks() {
        for await (const rows of asked.chunks()) yield shown(rows);
      },
      [Symbol.asyncIterator]() {
        return new RowIterator(this.chunks());
      },
      explain: () => asked.explain(),
      [Symbol.dispose]: () => asked[Symbol.dispose](),
    };
  }

  /** Of the columns of the answer, or the values of a row: those that are shown. */
  kept<Of>(all: readonly Of[]): Of[] {
    return [...all.slice(0, this.wanted.length), ...all.slice(this.cols.length, this.cols.length + this.behind)];
  }

  #shown(row: readonly QueryValue[]): QueryValue[] {
    const shown = this.kept(row);
    for (const [at, countAt] of this.#countAt) if (shown[at] === null && Number(row[countAt]) > 0) shown[at] = NaN;
    return shown;
  }
}
