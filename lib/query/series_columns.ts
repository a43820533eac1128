import type { SeriesRow } from "../index/series_table.ts";
import { seriesCell } from "./tables/row_cells.ts";

/** A column of texts: a number for each row, and the text of each number. */
export interface Codes {
  readonly codes: Int32Array;
  readonly words: readonly string[];
}

/** Columns of series that hold texts, each from few or sorted together. */
const TEXTS: ReadonlySet<string> = new Set(["repo", "exp", "run", "log", "event", "key"]);
const NUMBERS: ReadonlySet<string> = new Set(
  "count first last min max mean first_step last_step min_step max_step".split(" "),
);

/** Series as columns, each made when it is first asked for: a loop over an array is many times one over objects. */
export class SeriesColumns {
  readonly #codes = new Map<string, Codes>();
  readonly #numbers = new Map<string, Float64Array>();

  /** All of the series. */
  readonly all: Chosen;

  constructor(readonly rows: readonly SeriesRow[]) {
    const index = new Int32Array(rows.length);
    for (let row = 0; row < index.length; row++) index[row] = row;
    this.all = { columns: this, index, rows };
  }

  /** A column of texts; undefined where it is none. */
  codes(name: string): Codes | undefined {
    if (!TEXTS.has(name)) return undefined;
    let column = this.#codes.get(name);
    if (column === undefined) {
      const cell = seriesCell(name);
      const known = new Map<string, number>();
      const codes = new Int32Array(this.rows.length);
      for (let row = 0; row < codes.length; row++) {
        const word = cell(this.rows[row]) as string;
        let code = known.get(word);
        if (code === undefined) known.set(word, code = known.size);
        codes[row] = code;
      }
      this.#codes.set(name, column = { codes, words: [...known.keys()] });
    }
    return column;
  }

  /** A column of numbers of `metrics`, NaN where SQL has NULL; undefined where it is none. */
  numbers(name: string): Float64Array | undefined {
    if (!NUMBERS.has(name)) return undefined;
    let column = this.#numbers.get(name);
    if (column === undefined) {
      const cell = seriesCell(name);
      column = Float64Array.from(this.rows, (row) => (cell(row) as number | null) ?? NaN);
      this.#numbers.set(name, column);
    }
    return column;
  }
}

/** Some of the series. */
export interface Chosen {
  readonly columns: SeriesColumns;
  /** Where they stand in the columns. */
  readonly index: Int32Array;
  readonly rows: readonly SeriesRow[];
}
