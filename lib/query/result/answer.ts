/** A value of a row. Whole numbers that a double does not hold are bigint. */
export type QueryValue = null | number | bigint | string | Uint8Array;

/** An answer: the rows come as they are found. Close it, or read it to its end. */
export interface QueryResult extends AsyncIterable<QueryValue[]>, Disposable {
  readonly columns: readonly string[];
  /** The same rows in arrays, for callers that read very many: nothing is awaited between the rows of an array. */
  chunks(): AsyncIterable<readonly QueryValue[][]>;
  /** How the query ran, and what was read; for people. */
  explain(): string;
  /** All columns at once, where they are held as such: numbers alone (NULL is NaN) as a typed array. */
  typedColumns?(): (Float64Array | QueryValue[])[];
}
