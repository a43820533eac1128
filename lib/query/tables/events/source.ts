import type { EventColumn } from "../../../index/columns/event_columns.ts";

/** Some events of one log, row by row; columns must not be changed. */
export interface EventSource {
  /** The number of the log in the snapshot. */
  readonly log: number;
  readonly version: 0 | 1;
  /** When they happened, or their lines arrived; NaN: unknown. */
  ts(): Float64Array;
  /** From 1. */
  lines(): Float64Array;
  /** Bytes from the start of the log. */
  offsets(): Float64Array;
  /** The name that all of them have, or the column with the name of each; undefined where only the lines know. */
  names(): string | ((row: number) => string) | undefined;
  /** A coordinate of each name; undefined where they have fewer. */
  coordinate(coordinate: number): Float64Array | undefined;
  /** What a column of the scan is that is within the data. */
  data(column: number): EventColumn;
  /** The line of a row, where it was read already. */
  text(row: number): string | undefined;
}
